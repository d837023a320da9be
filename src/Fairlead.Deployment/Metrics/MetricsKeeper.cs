using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Writes the metrics of an application into a text file for Prometheus after each command that held a lock. That it fails is a warning.</summary>
/// <param name="store">Gives the journals.</param>
/// <param name="options">How to work.</param>
public sealed class MetricsKeeper(IDeploymentStore store, MetricsKeeperOptions options) : IDeploymentObserver
{
    /// <inheritdoc/>
    public Task TakenAsync(string environment, LockRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task LeftAsync(string environment)
    {
        try
        {
            var runs = await RunsAsync(CancellationToken.None);
            AtomicFile.Write(options.File, PrometheusText.Write(Of(runs)));
            if (options.FileOf is { } fileOf)
                AtomicFile.Write(fileOf(environment), PrometheusText.Write(Of(runs.Where(x => x.Environment.Name == environment))));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UserErrorException)
        {
            options.Warn($"WARNING: the metrics in {options.File} are not up to date: {exception.Message}");
        }
    }

    /// <summary>The metrics as they are now.</summary>
    public async Task<ImmutableArray<MetricFamily>> ReadAsync(CancellationToken cancellationToken) => Of(await RunsAsync(cancellationToken));

    /// <summary>What was done to each environment.</summary>
    public async Task<ImmutableArray<(EnvironmentSpec Environment, ImmutableArray<DeploymentRun> Runs)>> RunsAsync(CancellationToken cancellationToken)
    {
        var all = ImmutableArray.CreateBuilder<(EnvironmentSpec, ImmutableArray<DeploymentRun>)>();
        foreach (var environment in options.Environments)
            all.Add((environment, DeploymentRuns.Of(environment.Name, await store.ReadJournalAsync(environment.Name, cancellationToken))));
        return all.ToImmutable();
    }

    /// <summary>Writes them into a file, whole or not at all.</summary>
    public async Task WriteAsync(AbsolutePath file, CancellationToken cancellationToken) => AtomicFile.Write(file, PrometheusText.Write(await ReadAsync(cancellationToken)));

    ImmutableArray<MetricFamily> Of(IEnumerable<(EnvironmentSpec Environment, ImmutableArray<DeploymentRun> Runs)> runs) =>
        DeploymentMetrics.Of(runs.Select(x => (x.Environment.Name, x.Environment.Metrics, x.Runs)), options.Time.GetUtcNow(), options.CommitTimes);
}
