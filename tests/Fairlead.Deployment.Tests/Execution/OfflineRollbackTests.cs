using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>Rollbacks while the store in a repository is out of reach.</summary>
public sealed class OfflineRollbackTests : IAsyncLifetime
{
    readonly GitWorld _git = new();
    readonly World _world = new(World.OneService.Replace("replicas: 2", "blue_green: { fallback: 1h }", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        await _git.StartAsync();
        _world.Store = _git.On("here");
        await _world.Deploy("1.0.0");
        await _world.Deploy("1.1.0");
    }

    public ValueTask DisposeAsync()
    {
        _git.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_traffic_goes_back_to_the_release_that_still_runs_and_the_journal_hears_of_it_later()
    {
        _git.Disconnect();
        _world.Store = _git.Hasty("here");
        var outcome = await _world.Rollback();
        outcome.Message.ShouldContain("1.0.0 has all traffic");
        _world.Traffic("shop").ShouldContain("shop.1");

        _git.Reconnect();
        _world.Store = _git.On("here");
        await _world.Rollback();
        (await _world.History()).Live!.Target.Release.Version.ShouldBe("1.0.0");
        (await _world.History()).Unfinished.ShouldBeNull();
    }

    [Fact]
    public async Task What_does_not_run_any_more_is_not_started_without_the_store()
    {
        _git.Disconnect();
        _world.Store = _git.Hasty("here");
        var traffic = _world.Traffic("shop");
        (await Should.ThrowAsync<UserErrorException>(_world.Rollback("9.9.9"))).Message.ShouldContain("cannot be given back to 9.9.9");
        _world.Platform.LoseEverything();
        (await Should.ThrowAsync<UserErrorException>(_world.Rollback("1.0.0"))).Message.ShouldContain("does not run healthily");
        (await Should.ThrowAsync<UserErrorException>(_world.Deploy("2.0.0"))).Message.ShouldContain("out of reach");
        traffic.ShouldContain("shop.2");
    }
}
