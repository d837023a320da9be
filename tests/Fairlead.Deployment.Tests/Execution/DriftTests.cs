using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class DriftTests
{
    static Task<Drift> Find(World world) => world.Drive(() => world.Deployer().FindDriftAsync(world.Staging, default));

    static Task<string> Reconcile(World world) => world.Drive(() => world.Deployer().ReconcileAsync(world.Staging, world.Log.Add, default));

    [Fact]
    public async Task Nothing_has_drifted_after_a_deployment()
    {
        var world = new World();
        await world.Deploy("1.0.0");
        (await Find(world)).ToString().ShouldBe("staging runs what is configured, 1.0.0.");
        (await Reconcile(world)).ShouldContain("nothing was changed");
    }

    [Fact]
    public async Task What_somebody_changed_by_hand_is_named_and_put_right_on_the_record()
    {
        var world = new World();
        await world.Deploy("1.0.0");
        await world.Deploy("1.1.0");
        var token = new FencingToken(2);
        await world.Platform.SetWeightsAsync("shop", TrafficWeights.None, token, default);
        await world.Platform.RetireAsync("shop.2", TimeSpan.Zero, token, default);
        var drift = await Find(world);
        drift.IsConfigured.ShouldBeFalse();
        drift.ToString().ShouldBe("""
            staging does not run what is configured (1.1.0):
              revision shop.2: should be there, but is not there
            """.ReplaceLineEndings("\n"));
        await Reconcile(world);
        await world.ShouldBeWhole("1.1.0", "reconciled");
        (await Find(world)).Differences.ShouldBeEmpty();
        (await world.Store.ReadJournalAsync("staging", default)).Count(x => x.Event is JournalEvent.OperationStarted).ShouldBe(3);
    }

    [Fact]
    public async Task What_was_configured_since_is_named_without_its_values_and_deployed_by_the_rules()
    {
        var world = new World();
        await world.Deploy("1.0.0");
        world.File = world.File with
        {
            Environments = [.. world.File.Environments.Select(x => x with { Services = [x.Services[0] with { Replicas = 3, Variables = x.Services[0].Variables.SetItem("PASSWORD", "hunter2") }] })],
        };
        var drift = await Find(world);
        drift.IsConfigured.ShouldBeTrue();
        drift.ToString().ShouldNotContain("hunter2");
        drift.ToString().ShouldContain("service shop, replicas: configured 3, but deployed with 2");
        world.File = world.File with { Environments = [.. world.File.Environments.Select(x => x with { Windows = new DeploymentWindows { Freezes = [new Freeze(DateOnly.MinValue, DateOnly.MaxValue, null)] } })] };
        await Should.ThrowAsync<ProblemsException>(() => Reconcile(world));
        world.File = world.File with { Environments = [.. world.File.Environments.Select(x => x with { Windows = new() })] };
        await Reconcile(world);
        (await Find(world)).Differences.ShouldBeEmpty();
        await world.ShouldBeWhole("1.0.0", "reconciled");
    }
}
