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
        var utc = now.UtcDateTime;
        if (Why(windows, utc) is not { } why)
            return null;
        var next = Openings(windows, utc).Cast<DateTime?>().FirstOrDefault(x => Why(windows, x!.Value) is null);
        return $"{why} It is {Text(In(windows, utc))} ({windows.TimeZone}){(next is { } opening ? $"; the next opening is {Text(In(windows, opening))}" : $"; it does not open within {DaysAhead} days")}.";
    }

    /// <summary>Rules of others hold beside these, each in the time zone of its own.</summary>
    static string? Why(DeploymentWindows windows, DateTime utc) => WhyAlone(windows, In(windows, utc)) ?? windows.Also.Select(x => Why(x, utc)).FirstOrDefault(x => x is not null);

    static DateTime In(DeploymentWindows windows, DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, ZoneOf(windows));

    static TimeZoneInfo ZoneOf(DeploymentWindows windows) => TimeZoneInfo.FindSystemTimeZoneById(windows.TimeZone);

    static string? WhyAlone(DeploymentWindows windows, DateTime local)
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

    /// <summary>All times, in UTC, at which something may change, in their order: those of each time zone.</summary>
    static IEnumerable<DateTime> Openings(DeploymentWindows windows, DateTime utc) =>
        Changes(windows, utc).Where(x => x > utc && x <= utc.AddDays(DaysAhead)).Distinct().Order();

    static IEnumerable<DateTime> Changes(DeploymentWindows windows, DateTime utc)
    {
        var zone = ZoneOf(windows);
        var times = windows.Allow.Concat(windows.Deny).SelectMany(x => (TimeOnly[])[x.From, x.To]).Append(TimeOnly.MinValue).Distinct().ToList();
        var today = DateOnly.FromDateTime(In(windows, utc));
        return Enumerable.Range(0, DaysAhead + 1).SelectMany(day => times.SelectMany(time => Instants(zone, today.AddDays(day).ToDateTime(time))))
            .Concat(Enumerable.Range(0, DaysAhead).Select(day => Shift(zone, utc.AddDays(day))).OfType<DateTime>())
            .Concat(windows.Also.SelectMany(x => Changes(x, utc)));
    }

    /// <summary>The times in UTC at which a clock shows a time: none where it is put forward over it, two where it is put back.</summary>
    static IEnumerable<DateTime> Instants(TimeZoneInfo zone, DateTime local) =>
        zone.IsInvalidTime(local) ? []
        : zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Select(x => DateTime.SpecifyKind(local - x, DateTimeKind.Utc))
        : [TimeZoneInfo.ConvertTimeToUtc(local, zone)];

    /// <summary>The time in UTC, within a day, from which on the clock is put forward or back; null: it is not.</summary>
    static DateTime? Shift(TimeZoneInfo zone, DateTime utc)
    {
        var (before, after) = (utc, utc.AddDays(1));
        var offset = zone.GetUtcOffset(before);
        if (zone.GetUtcOffset(after) == offset)
            return null;
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + ((after - before) / 2);
            if (zone.GetUtcOffset(middle) == offset)
                before = middle;
            else
                after = middle;
        }

        return after;
    }

    static string Text(WeeklyWindow window)
    {
        var days = window.Days.IsEmpty ? "every day" : $"on {string.Join(", ", window.Days.OrderBy(x => ((int)x + 6) % 7).Select(x => CultureInfo.InvariantCulture.DateTimeFormat.GetDayName(x)))}";
        return window.From == window.To && window.From == TimeOnly.MinValue ? days : string.Create(CultureInfo.InvariantCulture, $"{days} from {window.From:HH:mm} to {(window.To == TimeOnly.MinValue ? "24:00" : window.To.ToString("HH:mm", CultureInfo.InvariantCulture))}");
    }

    static string Text(DateTime time) => time.ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
