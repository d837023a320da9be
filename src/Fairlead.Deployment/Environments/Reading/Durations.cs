using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Deployment;

/// <summary>Durations as people write them: <c>300</c> (seconds), <c>5m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
static partial class Durations
{
    /// <summary>Reads a duration of at most 30 days, or gives null.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (Shape().Match(text) is not { Success: true } match || text.Length == 0)
            return null;
        var total = Part("d") * TimeSpan.TicksPerDay + Part("h") * TimeSpan.TicksPerHour + Part("m") * TimeSpan.TicksPerMinute
            + Part("s") * TimeSpan.TicksPerSecond + Part("ms") * TimeSpan.TicksPerMillisecond;
        return total <= TimeSpan.TicksPerDay * 30 ? TimeSpan.FromTicks((long)total) : null;

        double Part(string unit) => match.Groups[unit] is { Success: true } group ? double.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>The shortest text that reads back as the same duration: <c>1h30m</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var parts = new (int Count, string Unit)[]
        {
            (duration.Days, "d"), (duration.Hours, "h"), (duration.Minutes, "m"), (duration.Seconds, "s"), (duration.Milliseconds, "ms"),
        };
        return string.Concat(parts.Where(x => x.Count > 0).Select(x => $"{x.Count}{x.Unit}"));
    }

    [GeneratedRegex(@"^(?:(?<s>\d{1,9})|(?:(?<d>\d{1,9})d)?(?:(?<h>\d{1,9})h)?(?:(?<m>\d{1,9})m)?(?:(?<s>\d{1,9})s)?(?:(?<ms>\d{1,9})ms)?)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
