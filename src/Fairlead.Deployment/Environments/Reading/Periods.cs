using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>Times for which things are kept: <c>30d</c>, <c>12w</c>, <c>2y</c> (of 365 days).</summary>
static class Periods
{
    /// <summary>Reads a period of at most 100 years, or gives null.</summary>
    public static TimeSpan? Parse(string text)
    {
        var days = text.Length == 0 ? 0 : text[^1] switch
        {
            'd' => 1,
            'w' => 7,
            'y' => 365,
            _ => 0,
        };
        return days > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 36500 && count * days <= 36500
            ? TimeSpan.FromDays(count * days)
            : null;
    }

    /// <summary>The period in days or whole years.</summary>
    public static string Format(TimeSpan period) => period.Days % 365 == 0 ? $"{period.Days / 365}y" : $"{period.Days}d";
}
