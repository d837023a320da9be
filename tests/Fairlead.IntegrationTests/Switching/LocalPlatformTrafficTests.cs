using System.Collections.Immutable;
using Fairlead.Deployment;

namespace Fairlead.IntegrationTests;

/// <summary>What the local platform does during a rollout and after it, with the real agent process and real Storefront processes.</summary>
[Collection(nameof(SwitchingCollection))]
public sealed class LocalPlatformTrafficTests
{
    static CancellationToken None => CancellationToken.None;

    static TrafficWeights Shares(int stable, int canary, Affinity? affinity = null) => new()
    {
        Shares = ImmutableSortedDictionary<string, int>.Empty.Add("storefront.1", stable).Add("storefront.2", canary),
        Affinity = affinity,
    };

    static async Task<StorefrontEnvironment> TwoRevisionsAsync(TrafficWeights weights)
    {
        var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1));
        await environment.Platform.BringUpAsync(StorefrontEnvironment.Spec(2), environment.Token, None);
        await environment.WaitForAsync("storefront.2", x => x.Phase == RevisionPhase.Healthy);
        await environment.Platform.SetWeightsAsync("storefront", weights, environment.Token, None);
        return environment;
    }

    [Fact]
    public async Task Scaling_up_and_down_under_load_loses_nothing_and_every_request_is_counted()
    {
        await using var environment = new StorefrontEnvironment();
        await environment.PrepareAsync();
        await environment.GoLiveAsync(StorefrontEnvironment.Spec(1, replicas: 2));
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(x => new LoadClient(x, environment.Url.Port, LoadClient.StorefrontMix, () => { })).ToArray();
        var running = load.Select(x => Task.Run(() => x.RunAsync(stop.Token))).ToArray();

        foreach (var replicas in new[] { 1, 3, 1, 2, 3, 1 })
        {
            await environment.Platform.BringUpAsync(StorefrontEnvironment.Spec(1, replicas), environment.Token, None);
            await environment.WaitForAsync("storefront.1", x => x.HealthyReplicas == replicas && x.Replicas == replicas);
            await StorefrontEnvironment.UntilAsync(() => environment.Replicas().Count == replicas);
        }

        await stop.CancelAsync();
        await Task.WhenAll(running);
        load.SelectMany(x => x.Failures).ShouldBeEmpty();
        var requests = load.Sum(x => x.Requests);
        var counts = (await environment.WaitForAsync("storefront.1", x => x.InFlight == 0)).Requests.ShouldNotBeNull();
        (counts.Total, counts.Failed, counts.Durations.Values.Sum()).ShouldBe((requests, 0, requests));
    }

    [Fact]
    public async Task A_revision_retires_by_itself_after_the_command_has_ended()
    {
        await using var environment = await TwoRevisionsAsync(TrafficWeights.AllTo("storefront.2"));
        await environment.Platform.RetireAsync("storefront.1", TimeSpan.FromSeconds(2), environment.Token, None);
        (await environment.Platform.ObserveAsync(None)).Find("storefront.1").ShouldNotBeNull().RetiresAt.ShouldNotBeNull();
        await StorefrontEnvironment.UntilAsync(() => environment.Replicas().Count == 1);
        // The agent hears of the process's end a moment after that is over.
        PlatformState state;
        do
            state = await environment.Platform.ObserveAsync(None);
        while (state.Find("storefront.1") is { Phase: RevisionPhase.Draining });
        state.Revisions.ShouldHaveSingleItem().Revision.Name.ShouldBe("storefront.2");
    }

    [Fact]
    public async Task When_the_command_is_silent_the_traffic_goes_back_without_a_loss_also_to_a_revision_that_must_be_started()
    {
        await using var environment = await TwoRevisionsAsync(TrafficWeights.AllTo("storefront.2"));
        await environment.Platform.BringUpAsync(StorefrontEnvironment.Spec(1, replicas: 0), environment.Token, None);
        var guard = new TrafficGuard(TimeSpan.FromSeconds(2), [new GuardedService("storefront", "storefront.1", 2)]);
        (await environment.Platform.GuardAsync(guard, environment.Token, None)).ShouldBeTrue();
        // The agent is killed too: the next one, started by whoever comes, waits the full time again.
        StorefrontEnvironment.Kill(environment.Agent());
        await environment.PrepareAsync();
        await environment.WaitForAsync("storefront.2", x => x.Phase == RevisionPhase.Healthy);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(x => new LoadClient(x, environment.Url.Port, LoadClient.StorefrontMix, () => { })).ToArray();
        var running = load.Select(x => Task.Run(() => x.RunAsync(stop.Token))).ToArray();

        await environment.WaitForAsync("storefront.1", x => x.HealthyReplicas == 2);
        PlatformState state;
        do
            state = await environment.Platform.ObserveAsync(None);
        while (state.WeightsOf("storefront") != TrafficWeights.AllTo("storefront.1"));
        await stop.CancelAsync();
        await Task.WhenAll(running);

        load.SelectMany(x => x.Failures).ShouldBeEmpty();
        state.GuardActedAt.ShouldNotBeNull();
        state.Find("storefront.2").ShouldNotBeNull();
        (await environment.GetVersionAsync()).ShouldContain("1.0.1");
        await Should.ThrowAsync<FencedOffException>(environment.Platform.SetWeightsAsync("storefront", TrafficWeights.AllTo("storefront.2"), environment.Token, None));
        environment.NextToken();
        await environment.Platform.GuardAsync(null, environment.Token, None);
        (await environment.Platform.ObserveAsync(None)).GuardActedAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_client_that_met_the_new_revision_stays_with_it_while_its_share_grows()
    {
        var affinity = new Affinity(AffinityKind.Header, "X-User");
        await using var environment = await TwoRevisionsAsync(Shares(90, 10, affinity));
        (await environment.Platform.ObserveAsync(None)).WeightsOf("storefront").Affinity.ShouldBe(affinity);
        var before = await MetNewAsync(environment);
        await environment.Platform.SetWeightsAsync("storefront", Shares(60, 40, affinity), environment.Token, None);
        var after = await MetNewAsync(environment);

        before.ShouldBeSubsetOf(after);
        before.Count.ShouldBeInRange(5, 40);
        after.Count.ShouldBeInRange(50, 110);
    }

    static async Task<IReadOnlyList<int>> MetNewAsync(StorefrontEnvironment environment)
    {
        List<int> met = [];
        for (var user = 0; user < 200; user++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(environment.Url, "/version")) { Headers = { { "X-User", $"user-{user}" } } };
            using var response = await environment.Http.SendAsync(request);
            if ((await response.Content.ReadAsStringAsync()).Contains("1.0.2", StringComparison.Ordinal))
                met.Add(user);
        }

        return met;
    }
}
