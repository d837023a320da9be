using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Fairlead.Deployment;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Fairlead.Components;

/// <summary>
/// Sends each operation that ends to an OpenTelemetry collector: one span with one for each step, and the metrics of the conventions (<c>cicd.pipeline.run.duration</c>,
/// <c>cicd.pipeline.run.errors</c>). Names: OpenTelemetry semantic conventions 1.44, model/cicd and model/deployment. A collector that does not answer is one line, after 5 seconds.
/// </summary>
/// <param name="store">Where the journals are.</param>
/// <param name="application">The application.</param>
/// <param name="endpoint">The collector's address: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</param>
/// <param name="protocol"><c>grpc</c>, or anything else for <c>http/protobuf</c>: <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>.</param>
/// <param name="headers">Further headers, which may be secret: <c>OTEL_EXPORTER_OTLP_HEADERS</c>.</param>
/// <param name="warn">Told what went wrong.</param>
public sealed class OtlpReporter(IDeploymentStore store, string application, Uri endpoint, string? protocol, string? headers, Action<string> warn) : IDeploymentObserver
{
    const string Source = "Fairlead.Deployment";
    const int Timeout = 5000;

    static readonly double[] DurationBounds = [5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400];

    readonly ConcurrentDictionary<string, int> _ended = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task TakenAsync(string environment, LockRequest request, CancellationToken cancellationToken) =>
        _ended[environment] = (await RunsAsync(environment)).Count(x => x.Ended is not null);

    /// <inheritdoc/>
    public async Task LeftAsync(string environment)
    {
        try
        {
            var runs = (await RunsAsync(environment)).Where(x => x.Ended is not null).Skip(_ended.GetValueOrDefault(environment)).ToList();
            // The exporters wait on threads of their own.
            if (runs.Count > 0 && !await Task.Run(() => Send(runs)))
                warn($"The collector at {endpoint} did not take the telemetry of {environment} within {Timeout / 1000} seconds; nothing else depends on it.");
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or Tooling.UserErrorException)
        {
            warn($"The telemetry of {environment} was not sent: {exception.Message}");
        }
    }

    async Task<IReadOnlyList<DeploymentRun>> RunsAsync(string environment) => DeploymentRuns.Of(environment, await store.ReadJournalAsync(environment, CancellationToken.None));

    bool Send(List<DeploymentRun> runs)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService(application);
        using var spans = new ActivitySource(Source);
        using var tracing = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Source)
            .AddOtlpExporter(x => Configure(x, "v1/traces")).Build();
        using var meter = new Meter(Source);
        using var measuring = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Source)
            .AddView("cicd.pipeline.run.duration", new ExplicitBucketHistogramConfiguration { Boundaries = DurationBounds })
            .AddOtlpExporter(x => Configure(x, "v1/metrics")).Build();
        var duration = meter.CreateHistogram<double>("cicd.pipeline.run.duration", "s", "How long operations on environments take.");
        var errors = meter.CreateCounter<long>("cicd.pipeline.run.errors", "{error}", "Operations that were taken back.");
        foreach (var run in runs)
        {
            var attributes = AttributesOf(run);
            duration.Record(run.Duration!.Value.TotalSeconds, attributes);
            if (run.Result == OperationResult.Undone)
                errors.Add(1, [.. attributes, new("error.type", run.UndoReason ?? "other")]);
            Trace(spans, run, attributes);
        }

        return tracing.ForceFlush(Timeout) & measuring.ForceFlush(Timeout);
    }

    void Configure(OtlpExporterOptions options, string path)
    {
        var isGrpc = protocol == "grpc";
        options.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = isGrpc ? endpoint : new Uri($"{endpoint.ToString().TrimEnd('/')}/{path}");
        options.TimeoutMilliseconds = Timeout;
        if (headers is not null)
            options.Headers = headers;
    }

    static void Trace(ActivitySource spans, DeploymentRun run, KeyValuePair<string, object?>[] attributes)
    {
        // A root of its own: what runs around it is somebody else's.
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            using var whole = spans.StartActivity($"RUN {run.Kind.ToString().ToLowerInvariant()} {run.Environment}", ActivityKind.Server, parentContext: default, attributes, links: null, run.Started);
            if (whole is null)
                return;
            foreach (var (step, started, ended) in run.Steps)
            {
                using var part = spans.StartActivity(step, ActivityKind.Internal, whole.Context, [new("cicd.pipeline.task.name", step), new("cicd.pipeline.task.type", "deploy")], links: null, started);
                part?.SetStatus(ended is null ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
                part?.SetEndTime((ended ?? run.Ended!.Value).UtcDateTime);
            }

            whole.SetStatus(run.Result == OperationResult.Undone ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
            whole.SetEndTime(run.Ended!.Value.UtcDateTime);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    static KeyValuePair<string, object?>[] AttributesOf(DeploymentRun run) =>
    [
        new("cicd.pipeline.name", run.Kind.ToString().ToLowerInvariant()),
        new("cicd.pipeline.action.name", "RUN"),
        new("cicd.pipeline.result", run.Result == OperationResult.Undone ? run.UndoReason == RollbackReasons.Cancelled ? "cancellation" : "failure" : "success"),
        new("deployment.environment.name", run.Environment),
        new("deployment.status", run.Result == OperationResult.Undone ? "failed" : "succeeded"),
        new("vcs.ref.head.revision", run.Commit ?? ""),
    ];
}
