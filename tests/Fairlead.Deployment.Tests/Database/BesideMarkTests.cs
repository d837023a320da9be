namespace Fairlead.Deployment.Tests;

public sealed class BesideMarkTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 15, 0, TimeSpan.Zero);
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    static BesideMark Mark(string machine = "desk", int process = 4711) => new(BesideMark.MachineOf(machine), Now, process);

    static bool IsLeft(BesideMark mark, TimeSpan after, DateTimeOffset? start) => mark.IsLeft(BesideMark.MachineOf("desk"), Now + after, Day, x => x == 4711 ? start : null);

    [Fact]
    public void The_end_of_a_name_tells_machine_time_and_process()
    {
        foreach (var process in new[] { 1, 4711, int.MaxValue })
            BesideMark.Parse(Mark(process: process).ToString()).ShouldBe(Mark(process: process));
        Mark().ToString().Length.ShouldBe(BesideMark.Length);
        BesideMark.Parse("1f3c0a77").ShouldBeNull();
        BesideMark.Parse(new string('x', BesideMark.Length)).ShouldBeNull();
        BesideMark.StartOf(Environment.ProcessId).ShouldNotBeNull();
    }

    [Fact]
    public void What_a_command_works_with_is_not_taken_away()
    {
        IsLeft(Mark(), TimeSpan.Zero, Now.AddHours(-1)).ShouldBeFalse();
        IsLeft(Mark(), TimeSpan.FromHours(23), Now.AddHours(-1)).ShouldBeFalse();
        IsLeft(Mark("other"), TimeSpan.FromHours(23), null).ShouldBeFalse();
    }

    [Fact]
    public void What_a_killed_command_has_left_is_taken_away_at_once_here_and_after_a_time_elsewhere()
    {
        IsLeft(Mark(), TimeSpan.Zero, null).ShouldBeTrue();
        IsLeft(Mark(process: 4712), TimeSpan.Zero, Now.AddHours(-1)).ShouldBeTrue();
        // The number belongs to another process since.
        IsLeft(Mark(), TimeSpan.FromHours(1), Now.AddMinutes(1)).ShouldBeTrue();
        IsLeft(Mark("other"), TimeSpan.FromHours(25), null).ShouldBeTrue();
    }
}
