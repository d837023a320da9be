using System.Text;
using Fairlead.Testing;

namespace Fairlead.Deployment.Tests;

/// <summary>The plans of all strategies as <c>--plan</c> prints them: for a first deployment, for a later one, and half-way.</summary>
public sealed class StrategyPlanTests
{
    public static TheoryData<string> Strategies() => [.. Rollouts.All];

    [Theory, MemberData(nameof(Strategies))]
    public async Task Each_strategy_plans_as_expected(string strategy)
    {
        var text = new StringBuilder();
        var world = new World();
        world.UseStrategy(strategy);
        await Add("first");
        world = new World();
        await world.Deploy("1.0.0");
        world.UseStrategy(strategy);
        await Add("later");

        // Killed when its first analysis is done, so that it is neither at its beginning nor at its end.
        world.UseKillSwitch(new KillSwitch(await EffectAfterFirstAnalysis(strategy)));
        await Should.ThrowAsync<SimulatedKillException>(world.Deploy("1.1.0"));
        world.Memory.ReleaseLocks();
        world.UseKillSwitch(new KillSwitch());
        var unfinished = (await world.History()).Unfinished.ShouldNotBeNull();
        var live = (await world.History()).Live.ShouldNotBeNull().Target;
        text.AppendLine("## going on").AppendLine(RolloutPlanner.Plan("staging", OperationKind.Deploy, unfinished.Target!, live, world.Platform.State, unfinished.Done).ToString()).AppendLine();
        text.AppendLine("## going back").AppendLine(UndoPlanner.Plan("staging", unfinished.Target!, live, world.Platform.State, strategy == Rollouts.GradualBack).ToString());
        text.ToString().ShouldBeAsIn($"Planning/Cases/{strategy.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal)}.txt");

        async Task Add(string name) => text.AppendLine($"## {name}")
            .AppendLine((await world.Drive(() => world.Deployer().PlanAsync(world.Staging, World.Release("1.1.0"), default))).ToString()).AppendLine();
    }

    static async Task<int> EffectAfterFirstAnalysis(string strategy)
    {
        var world = new World();
        await world.Deploy("1.0.0");
        world.UseStrategy(strategy);
        world.UseKillSwitch(new KillSwitch());
        await world.Deploy("1.1.0");
        var effects = world.Memory.Kill.Effects.ToList();
        var analysed = effects.IndexOf("append Analysed");
        // After the analysis is written down as done; where nothing is analysed, in the middle.
        return analysed >= 0 ? analysed + 3 : effects.Count / 2;
    }
}
