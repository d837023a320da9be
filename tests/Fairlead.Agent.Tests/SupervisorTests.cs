using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

public sealed class SupervisorTests : IAsyncDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
    readonly ManualTimeProvider _time = new();
    readonly FakeReplicaHost _host = new();
    readonly AbsolutePath _artifact;
    readonly string _digest;
    Supervisor _supervisor;

    public SupervisorTests()
    {
        _artifact = _root / "shop.tar.gz";
        using (var zip = new GZipStream(File.Create(_artifact), CompressionLevel.Fastest))
        using (var writer = new TarWriter(zip))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "shop.txt") { DataStream = new MemoryStream([1]) });
        _digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_artifact)));
        _supervisor = New();
    }

    public async ValueTask DisposeAsync()
    {
        await _supervisor.ShutDownAsync();
        _root.DeleteDirectory();
    }

    Supervisor New() => new(new AgentPaths(_root / "state"), _host, _time, _ => { });

    RevisionMessage Spec(int ordinal, int replicas = 1) =>
        ReplicaTests.Spec(ordinal, replicas) with { ArtifactFile = _artifact, ArtifactDigest = _digest };

    Task BringUpAsync(int ordinal, long token = 1) => _supervisor.BringUpAsync(new BringUpRequest(token, Spec(ordinal)), CancellationToken.None);

    Task SetWeightsAsync(params (string Revision, int Share)[] shares) =>
        _supervisor.SetWeightsAsync("shop", new WeightsRequest(1, shares.ToDictionary(x => x.Revision, x => x.Share)));

    [Fact]
    public async Task A_lower_token_changes_nothing_also_after_a_restart()
    {
        await BringUpAsync(1, token: 5);
        await Should.ThrowAsync<FencedException>(BringUpAsync(2, token: 4));
        _supervisor.Describe().Revisions.Count.ShouldBe(1);

        await _supervisor.ShutDownAsync();
        _supervisor = New();
        await _supervisor.RestoreAsync();
        (await Should.ThrowAsync<FencedException>(_supervisor.RemoveAsync(new TokenRequest(4)))).Highest.ShouldBe(5);
        await BringUpAsync(2, token: 5);
    }

    [Fact]
    public async Task A_token_is_written_down_before_anything_is_done_with_it()
    {
        await Should.ThrowAsync<UserErrorException>(_supervisor.SetWeightsAsync("shop", new WeightsRequest(9, new Dictionary<string, int> { ["shop.1"] = 100 })));
        AgentState.Read(_root / "state" / "agent.json", new SecretSeal(_root / "state")).Token.ShouldBe(9);
    }

    [Fact]
    public async Task The_token_outlives_the_removal_of_everything_else()
    {
        await BringUpAsync(1, token: 5);
        var removal = _supervisor.RemoveAsync(new TokenRequest(6));
        await removal;
        _supervisor.Removed.IsCompleted.ShouldBeTrue();
        var left = AgentState.Read(_root / "state" / "agent.json", new SecretSeal(_root / "state"));
        left.Token.ShouldBe(6);
        left.Revisions.ShouldBeEmpty();
        (_root / "state" / "revisions").Exists().ShouldBeFalse();
    }

    [Fact]
    public async Task Revisions_and_weights_come_back_after_a_restart()
    {
        await BringUpAsync(1);
        await BringUpAsync(2);
        await SetWeightsAsync(("shop.1", 90), ("shop.2", 10));
        await _supervisor.ShutDownAsync();
        _artifact.DeleteFile();
        _supervisor = New();

        await _supervisor.RestoreAsync();

        await Waiting.UntilAsync(() => _supervisor.Describe().Revisions.All(x => x.Phase == "Healthy"));
        _supervisor.Describe().Revisions.Select(x => x.Ordinal).ShouldBe([1, 2]);
        _supervisor.Describe().Weights["shop"].ShouldBe(new Dictionary<string, int> { ["shop.1"] = 90, ["shop.2"] = 10 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Bringing_up_what_is_up_changes_nothing_and_another_revision_of_that_name_is_refused()
    {
        await BringUpAsync(1);
        await BringUpAsync(1);
        await Waiting.UntilAsync(() => _supervisor.Describe().Revisions[0].Phase == "Healthy");
        _host.All.Count.ShouldBe(1);
        var other = Spec(1) with { ConfigurationDigest = "sha256:other" };
        await Should.ThrowAsync<UserErrorException>(_supervisor.BringUpAsync(new BringUpRequest(1, other), CancellationToken.None));
    }

    [Fact]
    public async Task A_revision_that_cannot_be_run_is_refused()
    {
        var good = Spec(1);
        RevisionMessage[] bad =
        [
            good with { Replicas = 0 },
            good with { Command = [] },
            good with { Probe = good.Probe! with { HealthPath = "health" } },
            good with { ArtifactFile = "/nowhere/shop.tar.gz", ArtifactDigest = "sha256:" + new string('0', 64) },
        ];
        foreach (var spec in bad)
            await Should.ThrowAsync<UserErrorException>(_supervisor.BringUpAsync(new BringUpRequest(1, spec), CancellationToken.None));
        _supervisor.Describe().Revisions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Weights_that_do_not_make_a_hundred_or_name_strangers_are_refused()
    {
        await BringUpAsync(1);
        await Should.ThrowAsync<UserErrorException>(SetWeightsAsync(("shop.1", 99)));
        await Should.ThrowAsync<UserErrorException>(SetWeightsAsync(("shop.1", 110), ("shop.2", -10)));
        await Should.ThrowAsync<UserErrorException>(SetWeightsAsync(("shop.2", 100)));
        await SetWeightsAsync(("shop.1", 100));
        await SetWeightsAsync();
        _supervisor.Describe().Weights["shop"].ShouldBeEmpty();
    }

    [Fact]
    public async Task A_revision_with_traffic_is_not_retired_and_one_that_is_not_there_is_no_error()
    {
        await BringUpAsync(1);
        await SetWeightsAsync(("shop.1", 100));
        await Should.ThrowAsync<UserErrorException>(_supervisor.RetireAsync("shop.1", new RetireRequest(1), CancellationToken.None));
        (await _supervisor.RetireAsync("shop.7", new RetireRequest(1), CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task While_a_revision_drains_traffic_can_be_moved_but_not_to_it_and_it_does_not_come_back_after_a_restart()
    {
        await BringUpAsync(1);
        await BringUpAsync(2);
        await SetWeightsAsync(("shop.1", 100));
        _supervisor.RoutedOf("shop.1").Gate.TryEnter();
        await SetWeightsAsync(("shop.2", 100));
        var retirement = _supervisor.RetireAsync("shop.1", new RetireRequest(1), CancellationToken.None);
        await Waiting.UntilAsync(() => _supervisor.Describe().Revisions[0].Phase == "Draining");

        await Should.ThrowAsync<UserErrorException>(SetWeightsAsync(("shop.1", 100)));
        await SetWeightsAsync();
        AgentState.Read(_root / "state" / "agent.json", new SecretSeal(_root / "state")).Revisions.ShouldHaveSingleItem().Ordinal.ShouldBe(2);

        _supervisor.RoutedOf("shop.1").Gate.Leave();
        (await retirement).ShouldBe(0);
        _supervisor.Describe().Revisions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_retirement_goes_on_when_who_asked_for_it_has_gone_and_can_be_asked_for_again()
    {
        await BringUpAsync(1);
        _supervisor.RoutedOf("shop.1").Gate.TryEnter();
        using var gone = new CancellationTokenSource();
        var first = _supervisor.RetireAsync("shop.1", new RetireRequest(1), gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        var second = _supervisor.RetireAsync("shop.1", new RetireRequest(1), CancellationToken.None);
        _supervisor.RoutedOf("shop.1").Gate.Leave();
        (await second).ShouldBe(0);
        _supervisor.Describe().Revisions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_can_be_removed_while_a_revision_drains()
    {
        await BringUpAsync(1);
        _supervisor.RoutedOf("shop.1").Gate.TryEnter();
        var retirement = _supervisor.RetireAsync("shop.1", new RetireRequest(1), CancellationToken.None);
        var gate = _supervisor.RoutedOf("shop.1").Gate;
        var removal = _supervisor.RemoveAsync(new TokenRequest(1));
        removal.IsCompleted.ShouldBeFalse();
        gate.Leave();
        await Task.WhenAll(retirement, removal).WaitAsync(TimeSpan.FromSeconds(10));
        _supervisor.Removed.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Metrics_are_in_the_text_format()
    {
        await BringUpAsync(1);
        await SetWeightsAsync(("shop.1", 100));
        await Waiting.UntilAsync(() => _supervisor.Describe().Revisions[0].Phase == "Healthy");
        _supervisor.RoutedOf("shop.1").Metrics.Answered(200, TimeSpan.FromMilliseconds(3));

        var text = _supervisor.RenderMetrics();

        text.ShouldContain("# TYPE fairlead_requests_total counter\nfairlead_requests_total{service=\"shop\",revision=\"shop.1\",code=\"200\"} 1\n");
        text.ShouldContain("fairlead_request_duration_seconds_bucket{service=\"shop\",revision=\"shop.1\",le=\"0.0025\"} 0\n");
        text.ShouldContain("fairlead_request_duration_seconds_bucket{service=\"shop\",revision=\"shop.1\",le=\"0.005\"} 1\n");
        text.ShouldContain("fairlead_request_duration_seconds_bucket{service=\"shop\",revision=\"shop.1\",le=\"+Inf\"} 1\n");
        text.ShouldContain("fairlead_traffic_weight_ratio{service=\"shop\",revision=\"shop.1\"} 1\n");
        text.ShouldContain("fairlead_replicas_healthy{service=\"shop\",revision=\"shop.1\"} 1\n");
        text.Split('\n').Count(x => x.StartsWith("# HELP", StringComparison.Ordinal)).ShouldBe(text.Split('\n').Count(x => x.StartsWith("# TYPE", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_damaged_state_is_named()
    {
        var file = (_root / "state" / "agent.json").WriteAllText("{");
        Should.Throw<UserErrorException>(() => AgentState.Read(file, new SecretSeal(_root / "state"))).Message.ShouldContain(file);
    }
}
