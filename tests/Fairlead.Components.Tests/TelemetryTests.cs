using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using Fairlead.Deployment;
using Fairlead.Releases;
using Fairlead.Testing;

namespace Fairlead.Components.Tests;

public sealed class TelemetryTests : IDisposable
{
    readonly HttpListener _listener = new();
    readonly ConcurrentDictionary<string, string> _received = new();
    readonly Uri _endpoint;
    readonly ManualTimeProvider _time = new();
    readonly InMemoryDeploymentStore _store;
    readonly List<string> _warnings = [];

    public TelemetryTests()
    {
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        }

        _store = new InMemoryDeploymentStore(_time);
        _listener.Prefixes.Add(_endpoint.ToString());
    }

    public void Dispose() => _listener.Close();

    async Task CollectAsync()
    {
        _listener.Start();
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            // Names and texts stand in protobuf as they are.
            _received[context.Request.Url!.AbsolutePath] = $"{context.Request.Headers["X-Key"]} {Encoding.UTF8.GetString(body.ToArray())}";
            context.Response.Close();
        }
    }

    async Task DeployAsync(OperationResult result)
    {
        var reporter = new OtlpReporter(_store, "shop", _endpoint, protocol: null, headers: "X-Key=1234", _warnings.Add);
        var store = new ObservedDeploymentStore(_store, [reporter]);
        await using var held = await store.LockAsync("staging", new LockRequest { User = "ada", Host = "desk", ProcessId = 1, Command = "Deploy", Wait = TimeSpan.Zero }, default);
        var release = new ReleaseManifest { Application = "shop", Version = "1.0.0", Commit = new string('1', 40), CommitTime = _time.GetUtcNow(), Artifacts = [], Verdicts = [], Digest = "sha256:1" };
        await held.AppendAsync(new JournalEvent.OperationStarted(OperationKind.Deploy, new DeploymentTarget(release, []), ImmutableArray<string>.Empty, "ada@desk"), default);
        await held.AppendAsync(new JournalEvent.StepIntended("switch shop"), default);
        _time.Advance(TimeSpan.FromSeconds(42));
        await held.AppendAsync(new JournalEvent.StepDone("switch shop"), default);
        if (result == OperationResult.Undone)
            await held.AppendAsync(new JournalEvent.UndoStarted("It was cancelled."), default);
        await held.AppendAsync(new JournalEvent.OperationFinished(result), default);
    }

    [Fact]
    public async Task What_ended_is_sent_to_the_collector_by_the_names_of_the_conventions()
    {
        var collecting = CollectAsync();
        await DeployAsync(OperationResult.Succeeded);
        _warnings.ShouldBeEmpty();
        var spans = _received["/v1/traces"];
        spans.ShouldStartWith("1234 ");
        foreach (var text in (string[])["RUN deploy staging", "switch shop", "deployment.environment.name", "cicd.pipeline.result", "success", "service.name", "shop"])
            spans.ShouldContain(text);
        var metrics = _received["/v1/metrics"];
        foreach (var text in (string[])["cicd.pipeline.run.duration", "deployment.environment.name", "staging"])
            metrics.ShouldContain(text);
        metrics.ShouldNotContain("cicd.pipeline.run.errors");

        await DeployAsync(OperationResult.Undone);
        _received["/v1/metrics"].ShouldContain("cicd.pipeline.run.errors");
        _received["/v1/metrics"].ShouldContain("cancellation");
        _listener.Stop();
        await collecting;
    }

    [Fact]
    public async Task A_collector_that_is_not_there_is_one_line_and_fails_nothing()
    {
        await DeployAsync(OperationResult.Succeeded);
        _warnings.ShouldHaveSingleItem().ShouldContain("nothing else depends on it");
    }
}
