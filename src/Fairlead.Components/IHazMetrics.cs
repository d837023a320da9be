using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Has figures about deployments, from what the journals remember.</summary>
public interface IHazMetrics : IHazDeploymentStore
{
    /// <summary>The text file for Prometheus that is written after each command that changed something.</summary>
    AbsolutePath MetricsFile => StateDirectory / EnvironmentsFile.Application / MetricsKeeperOptions.FileName;

    /// <summary>Keeps the text file up with the journals of a store.</summary>
    internal sealed MetricsKeeper CreateMetricsKeeper(IDeploymentStore store) => new(store, new MetricsKeeperOptions
    {
        File = MetricsFile,
        FileOf = environment => LocalStore.DirectoryOf(environment) / MetricsKeeperOptions.FileName,
        Environments = EnvironmentsFile.Environments,
        Time = Context.Time,
        // The same on each machine, also on one without the commits: the release's own commit stands for those that it brings.
        CommitTimes = (_, _) => null,
        Warn = x => Context.Write(LogLevel.Warning, x),
    });

    /// <summary>Sends what was done to the collector that <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names; null where it names none.</summary>
    internal sealed OtlpReporter? CreateOtlpReporter(IDeploymentStore store)
    {
        if (Context.Environment.GetValueOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT") is not { Length: > 0 } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.UserInfo.Length > 0)
        {
            Context.Write(LogLevel.Warning, "OTEL_EXPORTER_OTLP_ENDPOINT is no http or https address without a password; no telemetry is sent.");
            return null;
        }

        if (Context.Environment.GetValueOrDefault("OTEL_EXPORTER_OTLP_HEADERS") is { Length: > 0 } headers)
            Context.Redactor.Add(headers);
        else
            headers = null;
        return new OtlpReporter(store, EnvironmentsFile.Application, endpoint, Context.Environment.GetValueOrDefault("OTEL_EXPORTER_OTLP_PROTOCOL"), headers, x => Context.Write(LogLevel.Warning, x));
    }

    /// <summary><c>:metrics [--days 30] [--to FILE]</c>.</summary>
    [Verb("metrics", "Shows how often, how fast and how well is deployed.", Usage = "[--days 30] [--to FILE]", Options = ["days", "to"])]
    async Task ShowMetricsAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var keeper = CreateMetricsKeeper(CreateDeploymentStore());
        if (arguments.Option("to") is { } to)
        {
            var file = AbsolutePath.Resolve(RootDirectory, to);
            await keeper.WriteAsync(file, cancellationToken);
            Context.Write(LogLevel.Information, $"The metrics are in '{file}'.");
            return;
        }

        var days = arguments.Option("days") is not { } text ? 30
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 3650 ? number
            : throw new UserErrorException($"'--days' must be a number from 1 to 3650, and is '{text}'.") { ExitCode = ExitCodes.Usage };
        var (window, now) = (TimeSpan.FromDays(days), Context.Time.GetUtcNow());
        var environments = await keeper.RunsAsync(cancellationToken);
        var commits = await CommitTimesAsync(environments.SelectMany(x => x.Runs).Where(x => x.Ended > now - window), cancellationToken);
        foreach (var line in MetricsReport.Of([.. environments.Select(x => (DoraFigures.Of(x.Environment.Name, x.Runs, window, now, (from, to) => commits.GetValueOrDefault((from, to))), x.Runs))], window, now))
            Context.Write(LogLevel.Information, line);
    }

    /// <summary>The times of the commits that each deployment brought, where this clone has them.</summary>
    private async Task<IReadOnlyDictionary<(string?, string), IReadOnlyList<DateTimeOffset>>> CommitTimesAsync(IEnumerable<DeploymentRun> runs, CancellationToken cancellationToken)
    {
        const int MostQuestions = 500;
        var times = new Dictionary<(string?, string), IReadOnlyList<DateTimeOffset>>();
        var changes = runs.Where(x => x is { Kind: OperationKind.Deploy, Result: OperationResult.Succeeded, Commit: not null, CommitBefore: not null } && x.Commit != x.CommitBefore);
        foreach (var (from, to) in changes.Select(x => (x.CommitBefore!, x.Commit!)).Where(x => IsCommit(x.Item1) && IsCommit(x.Item2)).Distinct().TakeLast(MostQuestions))
        {
            var log = await Context.Processes.RunAsync(Git.Command(RootDirectory, ["log", "--format=%ct", $"{from}..{to}"]).WithAnyExitCode(), cancellationToken: cancellationToken);
            if (log.ExitCode == 0)
                times[(from, to)] = [.. log.StandardOutput.Split('\n').Select(x => long.TryParse(x, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null).OfType<DateTimeOffset>()];
        }

        return times;

        static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);
    }
}
