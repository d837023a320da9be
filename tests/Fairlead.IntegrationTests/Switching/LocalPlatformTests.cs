using System.Net;
using System.Net.Sockets;
using Fairlead.Agent;
using Fairlead.Deployment;
using Fairlead.Tooling;
using Microsoft.AspNetCore.Http;

namespace Fairlead.IntegrationTests;

/// <summary>The local platform with the real agent process and real Storefront processes.</summary>
[Collection(nameof(SwitchingCollection))]
public sealed class LocalPlatformTests
{
    static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_release_goes_live_is_replaced_and_removed_without_a_trace()
    {
        await using var environment = new StorefrontEnvironment();
        (await environment.Platform.ObserveAsync(None)).ShouldBe(PlatformState.Empty);

        await environment.PrepareAsync();
        using (var answer = await environment.Http.GetAsync(environment.Url))
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1));
        (await environment.GetVersionAsync()).ShouldContain("1.0.1");

        await environment.GoLiveAsync(StorefrontEnvironment.Spec(2));
        (await environment.GetVersionAsync()).ShouldContain("1.0.2");
        await environment.Platform.RetireAsync("storefront.1", TimeSpan.Zero, environment.Token, None);
        await environment.Platform.RetireAsync("storefront.1", TimeSpan.Zero, environment.Token, None);

        var state = await environment.Platform.ObserveAsync(None);
        state.Revisions.ShouldHaveSingleItem().Revision.Name.ShouldBe("storefront.2");
        state.WeightsOf("storefront").ShouldBe(TrafficWeights.AllTo("storefront.2"));
        environment.Replicas().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_taken_port_is_named_with_who_has_it_and_nothing_is_changed()
    {
        await using var environment = new StorefrontEnvironment();
        using var taken = new TcpListener(IPAddress.Loopback, environment.Url.Port);
        taken.Start();

        var error = await Should.ThrowAsync<UserErrorException>(environment.PrepareAsync());

        error.Message.ShouldContain($"Port {environment.Url.Port}");
        error.Message.ShouldContain($"(process {Environment.ProcessId})");
        taken.Stop();
        await environment.PrepareAsync();
    }

    [Fact]
    public async Task A_service_that_crashes_on_start_is_unhealthy_and_tells_its_exit_code_and_last_lines()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1));
        await environment.Platform.BringUpAsync(StorefrontEnvironment.Spec(2, 1, ("STOREFRONT_CRASH_ON_START", "true")), environment.Token, None);

        var seen = await environment.WaitForAsync("storefront.2", x => x.Phase == RevisionPhase.Unhealthy);

        seen.Detail.ShouldNotBeNull().ShouldContain("exit code 3");
        seen.Detail.ShouldContain("crashing as asked");
        (await environment.GetVersionAsync()).ShouldContain("1.0.1");
    }

    [Fact]
    public async Task A_service_that_never_gets_healthy_stays_starting_and_says_what_its_probe_answered()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.Platform.BringUpAsync(StorefrontEnvironment.Spec(1, 1, ("STOREFRONT_UNHEALTHY", "true")), environment.Token, None);

        var seen = await environment.WaitForAsync("storefront.1", x => x.Detail?.Contains("503") == true);

        seen.Phase.ShouldBe(RevisionPhase.Starting);
        seen.Detail.ShouldNotBeNull().ShouldContain("GET /health answered 503");
    }

    [Fact]
    public async Task A_service_that_turns_unhealthy_is_seen_and_still_gets_its_traffic()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1, 1, ("STOREFRONT_UNHEALTHY_AFTER", "3")));

        await environment.WaitForAsync("storefront.1", x => x.Phase == RevisionPhase.Unhealthy);

        (await environment.GetVersionAsync()).ShouldContain("1.0.1");
    }

    [Fact]
    public async Task Killed_replicas_are_started_again_and_no_idempotent_request_fails()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1, replicas: 2));
        using var end = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (!end.IsCancellationRequested)
            {
                (await environment.Http.GetStringAsync(new Uri(environment.Url, "/items"))).ShouldContain("fairlead");
                count++;
            }

            return count;
        })).ToArray();

        for (var round = 0; round < 3; round++)
        {
            StorefrontEnvironment.Kill(environment.Replicas()[0]);
            await environment.WaitForAsync("storefront.1", x => x.HealthyReplicas < 2);
            await environment.WaitForAsync("storefront.1", x => x.Phase == RevisionPhase.Healthy);
        }

        await end.CancelAsync();
        (await Task.WhenAll(clients)).Sum().ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task After_the_agent_was_killed_the_next_change_brings_everything_back()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1, replicas: 2));
        var former = environment.Replicas();

        StorefrontEnvironment.Kill(environment.Agent());
        (await environment.Platform.ObserveAsync(None)).ShouldBe(PlatformState.Empty);
        await environment.PrepareAsync();

        await environment.WaitForAsync("storefront.1", x => x.Phase == RevisionPhase.Healthy);
        (await environment.GetVersionAsync()).ShouldContain("1.0.1");
        environment.Replicas().Count.ShouldBe(2);
        environment.Replicas().ShouldNotContain(x => former.Contains(x));
    }

    [Fact]
    public async Task Commands_that_start_at_the_same_moment_find_the_same_agent()
    {
        await using var environment = new StorefrontEnvironment();
        var platforms = Enumerable.Range(0, 4).Select(_ => new LocalPlatform(environment.State, TimeProvider.System)).ToArray();

        await Task.WhenAll(platforms.Select(x => x.PrepareAsync([new ServiceEndpoint("storefront", environment.Url)], environment.Token, None)));

        environment.Processes().ShouldHaveSingleItem().ShouldBe(environment.Agent());
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_replaced()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        StorefrontEnvironment.Kill(environment.Agent());
        AbsolutePath.Create((environment.State / "agent.socket").ReadAllText()).FileExists().ShouldBeTrue("or this test shows nothing");

        await environment.PrepareAsync();

        environment.Agent().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_agent_that_speaks_another_protocol_is_named_with_what_to_do_and_left_alone()
    {
        await using var environment = new StorefrontEnvironment();
        Directory.CreateDirectory(environment.State / "control", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var socket = environment.State / "control" / "agent.sock";
        AtomicFile.Write(environment.State / "agent.socket", socket.ToString());
        await using (await HttpServer.ListenAsync(socket, context => context.Response.WriteAsJsonAsync(new { protocol = 99, program = "x", processId = 1 })))
        {
            var error = await Should.ThrowAsync<UserErrorException>(environment.PrepareAsync());
            error.Message.ShouldContain("its protocol is 99");
            error.Remedy.ShouldNotBeNull().ShouldContain(":down");
            environment.Processes().ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task An_agent_that_is_asked_to_end_stops_its_replicas_and_the_next_one_takes_them_up()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1));

        await new ProcessRunner(new Redactor(), TimeProvider.System, environment.State).RunAsync(ToolCommand.Of("sh", ["-c", "kill -HUP $0; kill -TERM $0", $"{environment.Agent()}"]));
        await StorefrontEnvironment.UntilAsync(() => environment.Processes().Count == 0);

        await environment.PrepareAsync();
        await environment.WaitForAsync("storefront.1", x => x.Phase == RevisionPhase.Healthy);
        (await environment.GetVersionAsync()).ShouldContain("1.0.1");
    }

    [Fact]
    public async Task Replicas_do_not_outlive_a_killed_agent()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1, replicas: 2));
        StorefrontEnvironment.Kill(environment.Agent());
        await StorefrontEnvironment.UntilAsync(() => environment.Replicas().Count == 0);
    }

    [Fact]
    public async Task A_state_directory_with_a_long_path_works_too()
    {
        await using var environment = new StorefrontEnvironment(string.Join('/', Enumerable.Repeat("a-rather-long-directory-name", 6)));
        await environment.PrepareAsync();
        environment.Agent().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Only_this_user_can_open_the_socket()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        var socket = AbsolutePath.Create((environment.State / "agent.socket").ReadAllText());

        File.GetUnixFileMode(socket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(socket.Parent).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_lower_token_is_refused_also_by_the_next_agent()
    {
        await using var environment = new StorefrontEnvironment();
        var old = environment.Token;
        environment.NextToken();
        await environment.PrepareAsync();
        StorefrontEnvironment.Kill(environment.Agent());

        await Should.ThrowAsync<FencedOffException>(environment.Platform.RetireAsync("storefront.1", TimeSpan.Zero, old, None));
        await Should.ThrowAsync<FencedOffException>(environment.Platform.BringUpAsync(StorefrontEnvironment.Spec(1), old, None));
        await Should.ThrowAsync<FencedOffException>(environment.Platform.SetWeightsAsync("storefront", TrafficWeights.None, old, None));
        await Should.ThrowAsync<FencedOffException>(environment.Platform.RemoveAsync(old, None));
    }

    [Fact]
    public async Task A_revision_with_traffic_is_not_retired()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1));

        var error = await Should.ThrowAsync<UserErrorException>(environment.Platform.RetireAsync("storefront.1", TimeSpan.Zero, environment.Token, None));

        error.Message.ShouldContain("100 %");
        (await environment.GetVersionAsync()).ShouldContain("1.0.1");
    }

    [Fact]
    public async Task What_runs_longer_than_the_drain_timeout_is_cut_and_counted()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1) with { DrainTimeout = TimeSpan.FromMilliseconds(500) });
        var endless = environment.Http.GetStringAsync(new Uri(environment.Url, "/stream?chunks=1000&delay=100"));
        await environment.WaitForAsync("storefront.1", x => x.InFlight == 1);
        await environment.Platform.SetWeightsAsync("storefront", TrafficWeights.None, environment.Token, None);

        await environment.Platform.RetireAsync("storefront.1", TimeSpan.Zero, environment.Token, None);

        environment.Notices.ShouldHaveSingleItem().ShouldContain("1 requests");
        await Should.ThrowAsync<HttpRequestException>(endless);
    }
}
