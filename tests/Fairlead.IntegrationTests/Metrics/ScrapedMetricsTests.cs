using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Deployment;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A real Prometheus, scraping the text file that commands write, and the background process of the local platform.</summary>
public sealed class ScrapedMetricsTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    readonly AbsolutePath _directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
    readonly CancellationTokenSource _stop = new();
    readonly HttpListener _page = new();
    readonly PrometheusSource _source = new();
    readonly ProcessRunner _processes;
    Task _serving = Task.CompletedTask;
    Task _prometheus = Task.CompletedTask;
    Uri _server = new("http://127.0.0.1");
    LocalPlatform? _platform;

    public ScrapedMetricsTests() => _processes = new ProcessRunner(new Redactor(), TimeProvider.System, _directory);

    public async ValueTask InitializeAsync()
    {
        var program = Find("prometheus");
        Assert.SkipWhen(program is null, "prometheus is not installed (Debian's package of that name has it).");
        var (page, agent, web) = (FreePort(), FreePort(), FreePort());
        _page.Prefixes.Add($"http://127.0.0.1:{page}/");
        _page.Start();
        _serving = ServeAsync();
        _platform = new LocalPlatform(_directory / "staging", TimeProvider.System) { MetricsAddress = new Uri($"http://127.0.0.1:{agent}") };
        await _platform.PrepareAsync([], new FencingToken(1), default);
        AtomicFile.Write(_directory / "staging" / "metrics.prom", Text("staging"));
        (_directory / "prometheus.yml").WriteAllText($"""
            global: {"{scrape_interval: 200ms}"}
            scrape_configs:
              - job_name: file
                static_configs: [{"{"}targets: ['127.0.0.1:{page}']{"}"}]
              - job_name: agent
                static_configs: [{"{"}targets: ['127.0.0.1:{agent}']{"}"}]
            """);
        _server = new Uri($"http://127.0.0.1:{web}");
        _prometheus = _processes.RunAsync(
            ToolCommand.Of(program!.ToString(), $"--config.file={_directory / "prometheus.yml"}", $"--storage.tsdb.path={_directory / "data"}", $"--web.listen-address=127.0.0.1:{web}") with { Timeout = TimeSpan.FromMinutes(3) },
            onLine: null, _stop.Token);
    }

    [Fact]
    public async Task A_real_server_takes_the_text_file_and_the_agent_and_counts_as_the_history_does()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await MeasureAsync("count(fairlead_deployments_total{result=\"success\"})") is not Measurement.Value { Number: 2 })
        {
            if (_prometheus.IsCompleted)
                await _prometheus;
            await Task.Delay(100, limit.Token);
        }

        (await MeasureAsync("sum(up)")).ShouldBe(new Measurement.Value(2));
        (await MeasureAsync("fairlead_deployments_total{job=\"file\",result=\"success\"}")).ShouldBe(new Measurement.Value(2));
        (await MeasureAsync("fairlead_deployment_duration_seconds_sum{job=\"file\",result=\"success\"}")).ShouldBe(new Measurement.Value(900));
        (await MeasureAsync("histogram_quantile(0.5, fairlead_deployment_duration_seconds_bucket{job=\"file\",result=\"success\"})")).ShouldBeOfType<Measurement.Value>().Number.ShouldBeInRange(120, 600);
        (await MeasureAsync("fairlead_rollbacks_total{job=\"agent\",reason=\"cancelled\"}")).ShouldBe(new Measurement.Value(1));
        (await MeasureAsync("fairlead_change_failure_ratio{job=\"agent\"}")).ShouldBe(new Measurement.Value(0), "what was cancelled never had traffic");
        if (Find("promtool") is { } promtool)
        {
            var result = await _processes.RunAsync(ToolCommand.Of(promtool.ToString(), "check", "metrics").WithAnyExitCode() with { StandardInput = Text("staging") }, cancellationToken: TestContext.Current.CancellationToken);
            result.Lines.Select(x => x.Text).ShouldBeEmpty();
            result.ExitCode.ShouldBe(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _prometheus;
        }
        catch (Exception exception) when (exception is OperationCanceledException or UserErrorException)
        {
            // Stopped, or the test has said what is wrong.
        }

        if (_platform is not null)
            await _platform.RemoveAsync(new FencingToken(2), default);
        _page.Close();
        await _serving;
        _source.Dispose();
        _stop.Dispose();
        Directory.Delete(_directory.ToString(), recursive: true);
    }

    /// <summary>Two deployments of 5 and 10 minutes that succeeded, and one that was cancelled.</summary>
    static string Text(string environment)
    {
        List<JournalEntry> journal = [];
        Add(-100, new JournalEvent.OperationStarted(OperationKind.Deploy, Target("1.0.0"), [], "ada@desk"));
        Add(-95, new JournalEvent.OperationFinished(OperationResult.Succeeded));
        Add(-80, new JournalEvent.OperationStarted(OperationKind.Deploy, Target("1.1.0"), [], "ada@desk"));
        Add(-70, new JournalEvent.OperationFinished(OperationResult.Succeeded));
        Add(-60, new JournalEvent.OperationStarted(OperationKind.Deploy, Target("1.2.0"), [], "ada@desk"));
        Add(-59, new JournalEvent.UndoStarted("It was cancelled."));
        Add(-58, new JournalEvent.OperationFinished(OperationResult.Undone));
        return PrometheusText.Write(DeploymentMetrics.Of([(environment, ImmutableArray<DeclaredMetric>.Empty, DeploymentRuns.Of(environment, journal))], Now, (_, _) => null));

        void Add(int minutes, JournalEvent happened) => journal.Add(new JournalEntry(journal.Count + 1, Now.AddMinutes(minutes), 1, happened));
    }

    static DeploymentTarget Target(string version) => new(
        new ReleaseManifest { Application = "shop", Version = version, Commit = version, CommitTime = Now.AddDays(-1), Artifacts = [], Verdicts = [], Digest = $"sha256:{version}" }, []);

    Task<Measurement> MeasureAsync(string query) => _source.MeasureAsync(
        new Metric.Prometheus("figure", _server, query), new MetricSubject("staging", "shop", "shop.1", "1.0.0"), TestContext.Current.CancellationToken);

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _page.GetContextAsync();
                context.Response.ContentType = PrometheusText.ContentType;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Text("production")));
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed at the end of the test.
        }
    }

    AbsolutePath? Find(string program) => ToolPath.Find(program, _directory, Environment.GetEnvironmentVariable("PATH"));

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
