using Fairlead.Testing;

namespace Fairlead.Deployment.Tests;

public sealed class StatusTests
{
    readonly World _world = new(World.TwoServices);

    [Fact]
    public async Task Before_the_first_deployment() => (await Text()).ShouldBe("shop on staging: nothing is live");

    [Fact]
    public async Task What_is_live_and_where_one_can_go_back_to()
    {
        await _world.Deploy("1.0.0");
        _world.Time.Advance(TimeSpan.FromHours(2));
        await _world.Deploy("1.1.0");
        (await Text()).ShouldBe($"""
            shop on staging: 1.1.0 ({Commit("1.1.0")}) is live since 2026-01-05 11:00 UTC, by ada@desk

              SERVICE  REVISION  VERSION  STATE    REPLICAS  TRAFFIC  URL
              api      api.3     1.1.0    healthy  1/1       100 %    http://127.0.0.1:5080
              jobs     jobs.4    1.1.0    healthy  1/1       100 %    -

              Can be rolled back to:
              1.0.0  {Commit("1.0.0")}  live since 2026-01-05 09:00 UTC, by ada@desk
            """);
        (await _world.Status()).IsWell.ShouldBeTrue();
    }

    [Theory]
    [InlineData(3, "Deploying the same release goes on with it. Any other deployment, and ':rollback', takes it back first: 1.0.0 keeps or gets back all traffic.")]
    [InlineData(6, "1.1.0 has all traffic already. A deployment verifies it and finishes this first; ':rollback' takes it back (1.0.0 keeps or gets back all traffic).")]
    [InlineData(8, "1.1.0 has all traffic and was verified. The next command retires what is left of the old release.")]
    public async Task An_interrupted_deployment_and_what_the_next_command_would_do(int effect, string next)
    {
        await _world.Deploy("1.0.0");
        await Kill("1.1.0", effect);
        var status = await _world.Status();
        status.IsWell.ShouldBeFalse();
        status.Unfinished.ShouldNotBeNull().Next.ShouldBe(next);
        var text = await Text();
        text.ShouldContain("INTERRUPTED: The deployment of 1.1.0 by ada@desk began 2026-01-05 09:00 UTC and did not end; its last step was '");
        text.ShouldContain(next);
    }

    [Fact]
    public async Task A_deployment_that_runs_just_now_is_not_called_interrupted()
    {
        await _world.Deploy("1.0.0");
        var text = "";
        _world.Platform.OnEffect = x =>
        {
            if (x == "switch api")
                text = Text().GetAwaiter().GetResult();
        };
        await _world.Deploy("1.1.0");
        text.ShouldContain("Being changed right now by ada@desk (process ");
        text.ShouldContain("The deployment of 1.1.0 began 2026-01-05 09:00 UTC; its last step was 'switch api'.");
        text.ShouldNotContain("INTERRUPTED");
    }

    [Fact]
    public async Task What_should_be_there_and_is_not_and_what_is_there_and_not_well()
    {
        await _world.Deploy("1.0.0");
        _world.Platform.Behaviour = x => new SimulatedBehaviour { Crashes = x.Revision.Service == "api" };
        (await Text()).ShouldContain("""
              api      api.1     1.0.0    unhealthy  0/1       100 %    http://127.0.0.1:5080
              jobs     jobs.2    1.0.0    healthy    1/1       100 %    -

              api.1:
                Replica 1 ended with exit code 134. It wrote last:
                  Unhandled exception: no database
            """);
        _world.Platform.LoseEverything();
        (await Text()).ShouldContain("""
              api      api.1     1.0.0    NOT THERE  0/1       0 %      http://127.0.0.1:5080
              jobs     jobs.2    1.0.0    NOT THERE  0/1       0 %      -

              What should be live is not there (was the machine restarted?). Deploy the same release again to bring it up.
            """);
    }

    async Task Kill(string version, int effect)
    {
        _world.Platform.Kill = new KillSwitch(effect, afterwards: true);
        var kill = _world.Platform.Kill;
        _world.Memory.OnAppend = _ => kill.ThrowIfDead();
        await Should.ThrowAsync<Exception>(_world.Deploy(version));
        _world.Memory.OnAppend = null;
        _world.Memory.ReleaseLocks();
        _world.Platform.Kill = new KillSwitch();
    }

    async Task<string> Text() => (await _world.Status()).ToString().ReplaceLineEndings("\n");

    static string Commit(string version) => World.Release(version).Commit[..7];
}
