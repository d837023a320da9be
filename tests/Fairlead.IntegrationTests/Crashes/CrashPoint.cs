namespace Fairlead.IntegrationTests;

/// <summary>Where somebody is killed in the course of a command.</summary>
/// <param name="Effect">Which of the command's effects, from 1.</param>
/// <param name="Moment"><c>before</c> or <c>after</c> it, or <c>during</c> it.</param>
/// <param name="Victim"><c>command</c>, <c>agent</c> or <c>both</c>.</param>
/// <param name="Name">The effect in words.</param>
sealed record CrashPoint(int Effect, string Moment, string Victim, string Name)
{
    const int Most = 10;

    static readonly string[] Moments = ["before", "during", "after"];

    /// <summary>Before and after each effect, and during those that take a while, the calls to the platform.</summary>
    public static IEnumerable<CrashPoint> Everywhere(IEnumerable<string> effects, string victim = "command") => effects.SelectMany(
        (name, index) => Moments
            .Where(x => x != "during" || name.StartsWith("platform", StringComparison.Ordinal))
            .Select(x => new CrashPoint(index + 1, x, victim, name)));

    /// <summary>
    /// Those that are tried: evenly spread ones, so that a run ends in reasonable time (the simulated platform has every single one); all of them when
    /// <c>FAIRLEAD_EXHAUSTIVE</c> is set.
    /// </summary>
    public static IEnumerable<CrashPoint> Chosen(IReadOnlyList<CrashPoint> points) =>
        Environment.GetEnvironmentVariable("FAIRLEAD_EXHAUSTIVE") is null && points.Count > Most
            ? Enumerable.Range(0, Most).Select(x => points[x * points.Count / Most])
            : points;

    public override string ToString() => $"{Victim} killed {Moment} effect {Effect} ({Name})";
}
