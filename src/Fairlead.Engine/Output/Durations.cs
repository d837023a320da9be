namespace Fairlead.Engine;

/// <summary>How durations are shown.</summary>
static class Durations
{
    /// <summary><c>0.4 s</c>, <c>12.3 s</c>, <c>2:05 min</c>, <c>1:02:03 h</c>.</summary>
    public static string Show(TimeSpan duration) => duration switch
    {
        { TotalMinutes: < 1 } => $"{duration.TotalSeconds:0.0} s",
        { TotalHours: < 1 } => $"{(int)duration.TotalMinutes}:{duration.Seconds:00} min",
        _ => $"{(int)duration.TotalHours}:{duration.Minutes:00}:{duration.Seconds:00} h",
    };
}
