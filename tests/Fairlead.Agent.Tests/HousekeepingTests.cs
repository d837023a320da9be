using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

public sealed class HousekeepingTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
    readonly AgentPaths _paths;

    public HousekeepingTests() => _paths = new AgentPaths(_root / "state");

    public void Dispose() => _root.DeleteDirectory();

    [Fact]
    public void Logs_of_revisions_that_are_there_and_the_last_of_others_are_kept()
    {
        _paths.AgentLog.WriteAllText("x");
        for (var i = 1; i <= 30; i++)
            File.SetLastWriteTimeUtc(_paths.ReplicaLog($"shop.{i}", 1).WriteAllText("x"), new DateTime(2026, 1, i, 0, 0, 0, DateTimeKind.Utc));
        Housekeeping.PruneLogs(_paths, ["shop.1"]);
        var left = _paths.Logs.GetFiles().Select(x => x.Name).ToList();
        left.ShouldContain("agent.log");
        left.ShouldContain("shop.1-1.log");
        left.ShouldNotContain("shop.10-1.log");
        left.ShouldContain("shop.11-1.log");
        left.Count.ShouldBe(22);
    }

    [Fact]
    public void Programs_of_earlier_agents_and_what_was_left_half_done_go_but_not_what_runs_or_is_just_being_made()
    {
        var now = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        AbsolutePath Aged(AbsolutePath directory, int minutes)
        {
            directory.CreateDirectory();
            Directory.SetLastWriteTimeUtc(directory, now.UtcDateTime.AddMinutes(-minutes));
            return directory;
        }

        var own = Aged(_paths.Programs / "own", 600);
        var earlier = Aged(_paths.Programs / "earlier", 600);
        var just = Aged(_paths.Programs / "just.tmp", 1);
        var dead = Aged(_paths.Revisions / "dead.tmp", 600);
        var unpacked = Aged(_paths.Revisions / "unpacked", 600);
        var state = (_paths.Root / "agent.json.1.tmp").WriteAllText("x");
        File.SetLastWriteTimeUtc(state, now.UtcDateTime.AddDays(-1));

        Housekeeping.PruneLeftovers(_paths, own, now);

        new[] { own, earlier, just, dead, unpacked, state }.Select(x => x.Exists()).ShouldBe([true, false, true, false, true, false]);
    }

    [Fact]
    public void A_copy_of_the_program_that_was_damaged_is_replaced()
    {
        var source = (_root / "agent").CreateDirectory();
        (source / "Fairlead.Agent.dll").WriteAllText("program");
        var launcher = new AgentLauncher(_paths, source, TimeProvider.System);
        var copy = launcher.InstallProgram() / "Fairlead.Agent.dll";
        File.WriteAllText(copy, "");
        (launcher.InstallProgram() / "Fairlead.Agent.dll").ShouldBe(copy);
        copy.ReadAllText().ShouldBe("program");
        _paths.Programs.GetDirectories().ShouldHaveSingleItem();
    }
}
