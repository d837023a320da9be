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
}
