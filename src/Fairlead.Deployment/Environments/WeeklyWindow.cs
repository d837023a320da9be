using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A time that comes back every week.</summary>
/// <param name="Days">The days; empty: all.</param>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end; midnight is the end of the day.</param>
public sealed record WeeklyWindow(ImmutableArray<DayOfWeek> Days, TimeOnly From, TimeOnly To);
