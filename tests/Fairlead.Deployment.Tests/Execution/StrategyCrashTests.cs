using Fairlead.Testing;
using Fairlead.Tooling;
using static Fairlead.Deployment.Tests.KilledCommands;

namespace Fairlead.Deployment.Tests;

/// <summary>Every strategy, killed before and after every effect, and again in the recovery.</summary>
public sealed class StrategyCrashTests(ITestOutputHelper output)
{
    /// <summary>Whether the next command comes at once, or after the platform has given the traffic back by itself.</summary>
    static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMinutes(6)];

    public static TheoryData<string, string, string> Cases()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var strategy in Rollouts.All)
        {
            foreach (var next in (string[])["deploy 1.1.0", "deploy 1.2.0", "rollback 1.0.0"])
                data.Add(strategy, next, next.Split(' ')[1]);
        }

        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public Task Killed_before_and_after_every_effect_of_a_deployment_it_ends_whole(string strategy, string next, string version) =>
        KillEverywhere(strategy, next, version, (first, second) => second < 0 ? 1 : first % 14 == 0 ? 9 : int.MaxValue / 2);

    /// <summary>
    /// The second kill takes turns with the first: twenty thousand cases, for <c>.ci/run</c>, which runs the explicit tests too. With
    /// <c>FAIRLEAD_EXHAUSTIVE</c> set, a hundred thousand.
    /// </summary>
    [Theory(Explicit = true), MemberData(nameof(Cases))]
    public Task Killed_at_every_pair_of_effects_it_ends_whole(string strategy, string next, string version) =>
        KillEverywhere(strategy, next, version, (first, second) => second < 0 ? 1 + (first % Stride) : Stride);

    static int Stride => Environment.GetEnvironmentVariable("FAIRLEAD_EXHAUSTIVE") is null ? 15 : 3;

    async Task KillEverywhere(string strategy, string next, string version, Func<int, int, int> stride)
    {
        var cases = 0;
        var effects = await CountEffects(strategy, Good);
        effects.ShouldBeGreaterThan(10);
        for (var first = 0; first < effects * 2; first++)
        {
            foreach (var pause in Pauses)
            {
                var recovery = 0;
                // The first round (-1) recovers without a second kill and tells how many effects there are to be killed at.
                for (var second = -1; second < recovery * 2; second += stride(first, second))
                {
                    var name = $"{strategy}: killed {Name(first)}, then after {pause} '{next}' killed {(second < 0 ? "never" : Name(second))}";
                    var world = await Prepare(strategy, Good);
                    await RunKilled(world, "deploy 1.1.0", first);
                    world.Time.Advance(pause);
                    OneVersionServes(world, strategy, name);
                    if (second >= 0)
                        await RunKilled(world, next, second);
                    world.UseKillSwitch(new KillSwitch());
                    await Run(world, next, name);
                    if (second < 0)
                        recovery = world.Memory.Kill.Effects.Count;
                    await world.ShouldBeWhole(version, name);
                    if (strategy != Rollouts.Recreate)
                        world.ShouldAlwaysHaveServedUnlessTakenBack("1.0.0", name);
                    cases++;
                }
            }
        }

        output.WriteLine($"{cases} cases: {effects} effects of '{strategy}', each killed before and after, then '{next}', killed likewise");
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task Killed_while_a_bad_release_is_found_and_taken_back_it_ends_whole(string strategy)
    {
        var cases = 0;
        var bad = Bad(strategy);
        var effects = await CountEffects(strategy, bad, fails: true);
        for (var first = 0; first < effects * 2; first++)
        {
            foreach (var pause in Pauses)
            {
                var name = $"{strategy}: a bad release, killed {Name(first)}, then after {pause} 'deploy 1.2.0'";
                var world = await Prepare(strategy, bad);
                await RunKilled(world, "deploy 1.1.0", first);
                world.Time.Advance(pause);
                world.UseKillSwitch(new KillSwitch());
                await Run(world, "deploy 1.2.0", name);
                await world.ShouldBeWhole("1.2.0", name);
                cases++;
            }
        }

        output.WriteLine($"{cases} cases: {effects} effects of a bad release by '{strategy}'");
    }

    public static TheoryData<string> Strategies() => [.. Rollouts.All];

    static SimulatedBehaviour Good(RevisionSpec spec) => new();

    static Func<RevisionSpec, SimulatedBehaviour> Bad(string strategy) => spec => (spec.Version, strategy) switch
    {
        ("1.1.0", Rollouts.Flags) => new SimulatedBehaviour { FlaggedErrorRate = 1 },
        ("1.1.0", Rollouts.Recreate) => new SimulatedBehaviour { AnswersClients = "500 Internal Server Error" },
        ("1.1.0", Rollouts.RollingWithoutSurge) => new SimulatedBehaviour { UnhealthyAfter = TimeSpan.FromSeconds(3) },
        ("1.1.0", _) => new SimulatedBehaviour { ErrorRate = 0.6 },
        _ => new SimulatedBehaviour(),
    };

    /// <summary>At every moment, also before anybody cleans up, what has traffic is there.</summary>
    static void OneVersionServes(World world, string strategy, string name)
    {
        var weights = world.Platform.State.WeightsOf("shop");
        if (strategy != Rollouts.Recreate)
            weights.Shares.Values.Sum().ShouldBe(100, name);
        foreach (var revision in weights.Shares.Keys)
            world.Platform.State.Find(revision).ShouldNotBeNull(name).Replicas.ShouldBeGreaterThan(0, name);
    }

    static async Task<World> Prepare(string strategy, Func<RevisionSpec, SimulatedBehaviour> behaviour)
    {
        var world = new World();
        world.Platform.Behaviour = behaviour;
        await world.Deploy("1.0.0");
        world.UseStrategy(strategy);
        return world;
    }

    static async Task<int> CountEffects(string strategy, Func<RevisionSpec, SimulatedBehaviour> behaviour, bool fails = false)
    {
        var world = await Prepare(strategy, behaviour);
        world.UseKillSwitch(new KillSwitch());
        if (fails)
        {
            await Should.ThrowAsync<UserErrorException>(world.Deploy("1.1.0"), strategy);
            await world.ShouldBeWhole("1.0.0", strategy);
        }
        else
        {
            await world.Deploy("1.1.0");
            await world.ShouldBeWhole("1.1.0", strategy);
        }

        return world.Memory.Kill.Effects.Count;
    }
}
