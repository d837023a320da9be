using Fairlead.Testing;
using Fairlead.Tooling;
using static Fairlead.Deployment.Tests.KilledCommands;

namespace Fairlead.Deployment.Tests;

public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>What was live before, the command that is killed, and the command that comes next, with the version that must be live then.</summary>
    public static TheoryData<string, string, string, string, string?> Cases() => new()
    {
        { World.OneService, "", "deploy 1.0.0", "deploy 1.0.0", "1.0.0" },
        { World.OneService, "1.0.0", "deploy 1.1.0", "deploy 1.1.0", "1.1.0" },
        { World.OneService, "1.0.0", "deploy 1.1.0", "deploy 1.2.0", "1.2.0" },
        { World.OneService, "1.0.0", "deploy 1.1.0", "deploy 1.0.0", "1.0.0" },
        { World.OneService, "1.0.0", "deploy 1.1.0", "rollback 1.0.0", "1.0.0" },
        { World.OneService, "1.0.0", "deploy 1.1.0", "down", null },
        { World.OneService, "1.0.0 1.1.0", "rollback", "deploy 1.1.0", "1.1.0" },
        { World.OneService, "1.0.0 1.1.0", "rollback 1.0.0", "rollback 1.0.0", "1.0.0" },
        { World.OneService, "1.0.0 1.1.0 1.2.0", "rollback", "deploy 1.2.0", "1.2.0" },
        { World.OneService, "1.0.0", "down", "down", null },
        { World.OneService, "1.0.0", "down", "deploy 1.0.0", "1.0.0" },
        { World.TwoServices, "", "deploy 1.0.0", "deploy 1.0.0", "1.0.0" },
        { World.TwoServices, "1.0.0", "deploy 1.1.0", "deploy 1.1.0", "1.1.0" },
        { World.TwoServices, "1.0.0", "deploy 1.1.0", "deploy 1.2.0", "1.2.0" },
        { World.TwoServices, "1.0.0", "deploy 1.1.0", "rollback 1.0.0", "1.0.0" },
        { World.TwoServices, "1.0.0 1.1.0", "rollback 1.0.0", "rollback 1.0.0", "1.0.0" },
    };

    [Theory, MemberData(nameof(Cases))]
    public Task Killed_before_and_after_every_effect_and_again_while_recovering_it_ends_whole(
        string environments, string before, string killed, string next, string? version) =>
        KillTwice(environments, before, killed, next, version, stride: 4);

    /// <summary>Every pair, for <c>.ci/run</c>, which runs the explicit tests too.</summary>
    [Theory(Explicit = true), MemberData(nameof(Cases))]
    public Task Killed_at_every_pair_of_effects_it_ends_whole(string environments, string before, string killed, string next, string? version) =>
        KillTwice(environments, before, killed, next, version, stride: 1);

    async Task KillTwice(string environments, string before, string killed, string next, string? version, int stride)
    {
        var cases = 0;
        var effects = await CountEffects(environments, before, killed);
        effects.ShouldBeGreaterThan(3);
        for (var first = 0; first < effects * 2; first++)
        {
            var recovery = 0;
            // The first round (-1) recovers without a second kill and tells how many effects there are to be killed at.
            // The second kill takes turns with the first.
            for (var second = -1; second < recovery * 2; second += second < 0 ? 1 + (first % stride) : stride)
            {
                var name = $"after [{before}], '{killed}' killed {Name(first)}, '{next}' killed {(second < 0 ? "never" : Name(second))}";
                var world = await Prepare(environments, before);
                await RunKilled(world, killed, first);
                if (second >= 0)
                    await RunKilled(world, next, second);
                world.UseKillSwitch(new KillSwitch());
                await Run(world, next, name);
                if (second < 0)
                    recovery = world.Memory.Kill.Effects.Count;
                await world.ShouldBeWhole(version, name);
                if (!killed.StartsWith("down", StringComparison.Ordinal) && next != "down")
                    world.ShouldAlwaysHaveServedUnlessTakenBack(before, name);
                cases++;
            }
        }

        output.WriteLine($"{cases} cases: {effects} effects of '{killed}', each killed before and after, then '{next}', killed likewise");
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Killed_together_with_the_platform_at_every_effect_it_ends_whole_too(
        string environments, string before, string killed, string next, string? version)
    {
        var effects = await CountEffects(environments, before, killed);
        for (var first = 0; first < effects * 2; first++)
        {
            var name = $"after [{before}], '{killed}' and the platform killed {Name(first)}, '{next}'";
            var world = await Prepare(environments, before);
            await RunKilled(world, killed, first);
            world.Platform.FallAsleep();
            world.UseKillSwitch(new KillSwitch());
            await Run(world, next, name);
            await world.ShouldBeWhole(version, name);
        }

        output.WriteLine($"{effects * 2} cases: '{killed}' and the platform, killed at {effects} effects, then '{next}'");
    }

    [Theory]
    [InlineData("never healthy")]
    [InlineData("refused by clients")]
    public async Task Killed_while_a_bad_release_is_taken_back_the_next_command_finishes_that(string fault)
    {
        async Task<World> Bad()
        {
            var world = await Prepare(World.OneService, "1.0.0");
            world.Platform.Behaviour = spec => (spec.Version, fault) switch
            {
                ("1.1.0", "never healthy") => new SimulatedBehaviour { HealthyAfter = null },
                ("1.1.0", _) => new SimulatedBehaviour { AnswersClients = "500 Internal Server Error" },
                _ => new SimulatedBehaviour(),
            };
            return world;
        }

        var cases = 0;
        var counted = await Bad();
        counted.UseKillSwitch(new KillSwitch());
        await Should.ThrowAsync<UserErrorException>(counted.Deploy("1.1.0"));
        await counted.ShouldBeWhole("1.0.0", "the bad release was taken back");
        var effects = counted.Memory.Kill.Effects.Count;
        for (var first = 0; first < effects * 2; first++)
        {
            foreach (var next in (string[])["deploy 1.2.0", "deploy 1.0.0", "deploy 1.1.0"])
            {
                var world = await Bad();
                await RunKilled(world, "deploy 1.1.0", first);
                world.UseKillSwitch(new KillSwitch());
                var name = $"{fault}, killed {Name(first)}, then {next}";
                if (next == "deploy 1.1.0")
                {
                    await Should.ThrowAsync<UserErrorException>(world.Deploy("1.1.0"), name);
                    await world.ShouldBeWhole("1.0.0", name);
                }
                else
                {
                    await Run(world, next, name);
                    await world.ShouldBeWhole(next[7..], name);
                }

                cases++;
            }
        }

        output.WriteLine($"{cases} cases of a release that is {fault}");
    }

    static async Task<World> Prepare(string environments, string before)
    {
        var world = new World(environments);
        foreach (var version in before.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            await world.Deploy(version);
        return world;
    }

    static async Task<int> CountEffects(string environments, string before, string command)
    {
        var world = await Prepare(environments, before);
        world.UseKillSwitch(new KillSwitch());
        await Run(world, command, command);
        return world.Memory.Kill.Effects.Count;
    }
}
