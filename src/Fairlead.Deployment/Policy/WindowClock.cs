using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>Tells whether deploying is allowed now, and when it will be. Pure.</summary>
static class WindowClock
{
    const int DaysAhead = 60;

    /// <summary>Why deploying is not allowed, with when it will be; null when it is.</summary>
    /// <param name="windows">The rules.</param>
    /// <param name="now">The time.</param>
    public static string? WhyClosed(DeploymentWindows windows, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(windows.TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        if (Why(windows, local) is not { } why)
            return null;
        var next = Openings(windows, local).Cast<DateTime?>().FirstOrDefault(x => Why(windows, x!.Value) is null);
        return $"{why} It is {Text(local)} ({windows.TimeZone}){(next is { } opening ? $"; the next opening is {Text(opening)}" : $"; it does not open within {DaysAhead} days")}.";
    }

    static string? Why(DeploymentWindows windows, DateTime local)
    {
        var day = DateOnly.FromDateTime(local);
        if (windows.Freezes.FirstOrDefault(x => day >= x.From && day <= x.To) is { } freeze)
            return $"Nothing is deployed from {freeze.From:yyyy-MM-dd} to {freeze.To:yyyy-MM-dd}{(freeze.Reason is null ? "" : $" ({freeze.Reason})")}.";
        if (windows.Deny.FirstOrDefault(x => Holds(x, local)) is { } denied)
            return $"Nothing is deployed {Text(denied)}.";
        return windows.Allow.IsEmpty || windows.Allow.Any(x => Holds(x, local)) ? null : $"Releases are deployed {string.Join(" and ", windows.Allow.Select(Text))} only.";
    }

    /// <summary>A window whose end is not after its beginning goes on into the next day, and belongs to the day on which it began.</summary>
    static bool Holds(WeeklyWindow window, DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (window.To > window.From)
            return IsOn(window, local.DayOfWeek) && time >= window.From && time < window.To;
        return (IsOn(window, local.DayOfWeek) && time >= window.From) || (IsOn(window, local.AddDays(-1).DayOfWeek) && time < window.To);
    }

    static bool IsOn(WeeklyWindow window, DayOfWeek day) => window.Days.IsEmpty || window.Days.Contains(day);

    /// <summary>All times at which something changes, in their order.</summary>
    static IEnumerable<DateTime> Openings(DeploymentWindows windows, DateTime local)
    {
        var times = windows.Allow.Concat(windows.Deny).SelectMany(x => (TimeOnly[])[x.From, x.To]).Append(TimeOnly.MinValue).Distinct().Order().ToList();
        return
            from day in Enumerable.Range(0, DaysAhead)
            from time in times
            let at = DateOnly.FromDateTime(local).AddDays(day).ToDateTime(time)
            where at > local
            select at;
    }

    static string Text(WeeklyWindow window)
    {
        var days = window.Days.IsEmpty ? "every day" : $"on {string.Join(", ", window.Days.OrderBy(x => ((int)x + 6) % 7).Select(x => CultureInfo.InvariantCulture.DateTimeFormat.GetDayName(x)))}";
        return window.From == window.To && window.From == TimeOnly.MinValue ? days : string.Create(CultureInfo.InvariantCulture, $"{days} from {window.From:HH:mm} to {(window.To == TimeOnly.MinValue ? "24:00" : window.To.ToString("HH:mm", CultureInfo.InvariantCulture))}");
    }

    static string Text(DateTime time) => time.ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
