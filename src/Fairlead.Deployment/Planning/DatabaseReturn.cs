using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What a rollback does to the database.</summary>
/// <param name="First">Before anything is started.</param>
/// <param name="Last">When what is left has gone.</param>
sealed record DatabaseReturn(ImmutableArray<RolloutStep> First, ImmutableArray<RolloutStep> Last)
{
    public static DatabaseReturn Nothing { get; } = new([], []);

    public DatabaseReturn Without(IReadOnlySet<string> done) => new([.. First.Where(x => !done.Contains(x.Id))], [.. Last.Where(x => !done.Contains(x.Id))]);
}
