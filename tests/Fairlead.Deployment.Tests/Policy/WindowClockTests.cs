namespace Fairlead.Deployment.Tests;

public sealed class WindowClockTests
{
    const string Windows = """
        application: shop
        environments:
          staging:
            url: http://127.0.0.1:5080
            windows:
              timezone: Europe/Berlin
              allow: [{ days: [mon-fri], from: "09:00", to: "17:00" }, { days: sat, from: "22:00", to: "04:00" }]
              deny: [{ days: fri, from: "13:00", to: "24:00" }]
              freezes: [{ from: 2026-12-20, to: 2027-01-02, reason: holidays }]
        """;

    [Theory]
    [InlineData("2026-11-19T10:00:00+01:00", null)]
    [InlineData("2026-11-19T16:59:59+01:00", null)]
    // In Berlin it is a quarter past four.
    [InlineData("2026-11-19T15:15:00Z", null)]
    [InlineData("2026-11-19T17:00:00+01:00", "Fri 2026-11-20 09:00")]
    [InlineData("2026-11-19T08:59:59+01:00", "Thu 2026-11-19 09:00")]
    // Friday afternoon.
    [InlineData("2026-11-20T12:59:00+01:00", null)]
    [InlineData("2026-11-20T13:00:00+01:00", "Sat 2026-11-21 22:00")]
    // The night from Saturday to Sunday belongs to Saturday.
    [InlineData("2026-11-21T23:30:00+01:00", null)]
    [InlineData("2026-11-22T03:59:00+01:00", null)]
    [InlineData("2026-11-22T04:00:00+01:00", "Mon 2026-11-23 09:00")]
    // A freeze ends with its last day, in the night that began on Saturday.
    [InlineData("2026-12-21T10:00:00+01:00", "Sun 2027-01-03 00:00")]
    // In summer Berlin is two hours ahead.
    [InlineData("2026-07-02T07:30:00Z", null)]
    [InlineData("2026-07-02T06:30:00Z", "Thu 2026-07-02 09:00")]
    public void Deploying_is_allowed_in_its_windows_and_otherwise_it_is_said_when(string now, string? next)
    {
        var windows = EnvironmentsFile.Parse(Windows, "environments.yml", "shop").Environment("staging").Windows;
        var why = WindowClock.WhyClosed(windows, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        if (next is null)
            why.ShouldBeNull();
        else
            why.ShouldNotBeNull().ShouldContain($"the next opening is {next}");
    }

    [Fact]
    public void A_window_without_rules_is_always_open_and_one_that_never_opens_says_so()
    {
        WindowClock.WhyClosed(new DeploymentWindows(), DateTimeOffset.UnixEpoch).ShouldBeNull();
        WindowClock.WhyClosed(new DeploymentWindows { Deny = [new WeeklyWindow([], TimeOnly.MinValue, TimeOnly.MinValue)] }, DateTimeOffset.UnixEpoch).ShouldNotBeNull().ShouldContain("does not open");
    }

    public static TheoryData<string, string, string, string> ChangesOfClocks() => new()
    {
        // A time zone, another, a day before clocks change, and the beginning of the window.
        { "Europe/Berlin", "UTC", "2026-03-20", "02:30" },
        { "Europe/Berlin", "UTC", "2026-10-24", "02:30" },
        { "UTC", "Europe/Berlin", "2026-03-28", "02:00" },
        { "America/New_York", "Europe/Berlin", "2026-03-07", "02:15" },
        { "America/New_York", "Asia/Tokyo", "2026-10-31", "01:55" },
        { "Australia/Lord_Howe", "UTC", "2026-04-04", "01:45" },
        { "Australia/Lord_Howe", "Europe/Berlin", "2026-10-03", "02:10" },
        // Clocks change at midnight.
        { "America/Havana", "UTC", "2026-03-07", "00:00" },
        { "America/Havana", "UTC", "2026-10-31", "00:30" },
        { "Africa/Cairo", "UTC", "2026-04-23", "00:10" },
    };

    [Theory, MemberData(nameof(ChangesOfClocks))]
    public void The_next_opening_is_the_first_time_that_is_open_also_where_clocks_change(string zone, string other, string day, string from)
    {
        var begin = TimeOnly.ParseExact(from, "HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var minutes in (int[])[20, 45, 180])
        {
            var windows = new DeploymentWindows
            {
                TimeZone = zone,
                Allow = [new WeeklyWindow([], begin, begin.AddMinutes(minutes))],
                Also = [new DeploymentWindows { TimeZone = other, Deny = [new WeeklyWindow([DayOfWeek.Wednesday], new TimeOnly(0, 5), TimeOnly.MinValue)] }],
            };
            var start = DateTimeOffset.Parse($"{day}T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
            var open = Enumerable.Range(0, 5 * 24 * 12).Select(x => start.AddMinutes(5 * x)).Where(x => WindowClock.WhyClosed(windows, x) is null).ToHashSet();
            open.Count.ShouldBeInRange(1, 5 * 2 * minutes / 5);
            for (var hour = 0; hour < 3 * 24; hour++)
            {
                var now = start.AddHours(hour).AddMinutes(15);
                if (open.Contains(now))
                    continue;
                var opening = TimeZoneInfo.ConvertTime(open.Where(x => x > now).Min(), TimeZoneInfo.FindSystemTimeZoneById(zone));
                WindowClock.WhyClosed(windows, now)!.ShouldEndWith(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"; the next opening is {opening:ddd yyyy-MM-dd HH:mm}."), customMessage: $"{now:O}");
            }
        }
    }
}
