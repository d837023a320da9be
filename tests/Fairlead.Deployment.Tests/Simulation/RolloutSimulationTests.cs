using Fairlead.Testing;

namespace Fairlead.Deployment.Tests;

/// <summary>Whole rollouts of environments as users write them.</summary>
public sealed class RolloutSimulationTests(ITestOutputHelper output)
{
    const string Environments = """
        application: shop
        environments:
          canary:
            url: http://127.0.0.1:5080
            replicas: 4
            strategy:
              type: canary
              stages:
                - { name: canary-10, percentage: 10, duration: 10m, success_criteria: { error_rate: "<1%", response_time: "<500ms" } }
                - { name: canary-50, percentage: 50, duration: 15m, success_criteria: { error_rate: "<0.5%" } }
            rollback:
              triggers: { error_rate: ">5%", health_check_failures: 3 }
              watch: 5m
          compared:
            url: http://127.0.0.1:5081
            replicas: 4
            strategy: { type: canary, stages: [{ name: canary-25, percentage: 25, duration: 10m }] }
            analysis: { compare: { response_time: 20%, error_rate: 20% } }
          blue-green:
            url: http://127.0.0.1:5082
            replicas: 2
            rollback: { triggers: { error_rate: ">5%" }, watch: 10m }
          rolling:
            url: http://127.0.0.1:5083
            replicas: 4
            strategy: { type: rolling, batch_size: 1, pause: 1m }
            rollback: { triggers: { error_rate: ">2%" } }
          flags:
            url: http://127.0.0.1:5084
            strategy: { type: feature-flags, flags: [checkout], stages: [{ name: ten, percentage: 10, duration: 5m, success_criteria: { error_rate: "<1%" } }, { name: all, percentage: 100, duration: 5m, success_criteria: { error_rate: "<1%" } }] }
        """;

    [Theory]
    [InlineData("canary")]
    [InlineData("compared")]
    [InlineData("blue-green")]
    [InlineData("rolling")]
    [InlineData("flags")]
    public async Task A_good_release_goes_live(string environment) => (await Simulate(environment).DeployAsync()).ShouldHaveSucceeded();

    [Fact]
    public async Task Errors_take_a_canary_back_in_its_first_stage_and_few_requests_meet_them()
    {
        var rollout = (await Simulate("canary").WithErrors(0.03).DeployAsync()).ShouldHaveGoneBackIn("canary-10");
        output.WriteLine(rollout.Failure!.Display);
        rollout.ShareThatMetTheRelease.ShouldBeLessThan(0.12);
        rollout.Failure.Message.ShouldContain("limit < 1 %");
        rollout.History.Notes.ShouldHaveSingleItem().ShouldContain("error_rate");
    }

    [Fact]
    public async Task A_release_that_is_slower_by_half_is_found_by_the_comparison_with_a_fresh_baseline()
    {
        var rollout = (await Simulate("compared").WithSlowdown(1.5).DeployAsync()).ShouldHaveGoneBackIn("canary-25");
        output.WriteLine(rollout.Failure!.Display);
        rollout.Failure.Message.ShouldContain("the baseline");
        rollout.Log.ShouldContain(x => x.StartsWith("bring-up shop.3: start 1 replica of 1.0.0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("canary", "canary-10")]
    [InlineData("compared", "canary-25")]
    [InlineData("blue-green", "watch")]
    public async Task A_release_that_gets_unhealthy_after_a_minute_is_taken_back(string environment, string stage) =>
        (await Simulate(environment).UnhealthyAfter(TimeSpan.FromMinutes(1)).DeployAsync()).ShouldHaveGoneBackIn(stage);

    [Theory]
    [InlineData("canary")]
    [InlineData("blue-green")]
    [InlineData("rolling")]
    [InlineData("flags")]
    public async Task A_release_that_crashes_on_its_start_meets_no_request(string environment) =>
        (await Simulate(environment).CrashingOnStart().DeployAsync()).ShouldHaveGoneBack().ShareThatMetTheRelease.ShouldBe(0);

    [Fact]
    public async Task Errors_behind_a_flag_turn_the_flag_off()
    {
        var rollout = await (Simulate("flags") with { Behaviour = new SimulatedBehaviour { FlaggedErrorRate = 0.5 } }).DeployAsync();
        rollout.ShouldHaveGoneBackIn("ten");
        rollout.Log.ShouldContain("flags shop 0 %: checkout: off");
    }

    [Fact]
    public async Task Without_traffic_a_stage_with_criteria_is_held_and_then_taken_back()
    {
        var rollout = (await Simulate("canary").WithTraffic(0).DeployAsync()).ShouldHaveGoneBackIn("canary-10");
        rollout.Duration.ShouldBeGreaterThan(TimeSpan.FromMinutes(20));
        rollout.Failure!.Message.ShouldContain("could not be judged");
        rollout.Failure.Message.ShouldContain("no data");
    }

    [Fact]
    public async Task Errors_after_the_rollout_take_it_back_too() =>
        (await Simulate("blue-green").WithErrors(0.1).DeployAsync()).ShouldHaveGoneBackIn("watch");

    [Fact]
    public async Task Rolling_stops_at_its_first_batch()
    {
        var rollout = (await Simulate("rolling").WithErrors(0.2).DeployAsync()).ShouldHaveGoneBack();
        output.WriteLine(rollout.Failure!.Display);
        rollout.History.LastStep.ShouldBe("analyse shop batch 1 of 4");
        rollout.ShareThatMetTheRelease.ShouldBeLessThan(0.3);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_rollout()
    {
        var first = await Simulate("canary").WithErrors(0.03).DeployAsync();
        var second = await Simulate("canary").WithErrors(0.03).DeployAsync();
        second.Log.ShouldBe(first.Log);
        second.Duration.ShouldBe(first.Duration);
    }

    static SimulatedEnvironment Simulate(string environment)
    {
        var file = EnvironmentsFile.Parse(Environments, "environments.yml", "shop");
        file.Problems.ShouldBeEmpty();
        return new RolloutSimulation(file).Simulate(environment);
    }
}
