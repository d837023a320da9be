using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Deployment;

namespace Fairlead.Components;

/// <summary>Figures about deployments for people to read.</summary>
static class MetricsReport
{
    public static IEnumerable<string> Of(ImmutableArray<(DoraFigures Dora, ImmutableArray<DeploymentRun> Runs)> environments, TimeSpan window, DateTimeOffset now)
    {
        yield return $"The last {window.TotalDays:0} days:";
        string[][] rows =
        [
            ["environment", "deployments", "a day", "succeeded", "median duration", "rollbacks", "lead time", "change failures", "time to restore"],
            .. environments.Select(x => Row(x.Dora, [.. x.Runs.Where(run => run.Ended > now - window)])),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(x => x[column].Length)).ToList();
        foreach (var row in rows)
            yield return $"  {string.Join("  ", row.Select((x, i) => x.PadRight(widths[i]))).TrimEnd()}";
        yield return "Lead time and time to restore are medians. docs/metrics.md says what each figure is.";
    }

    static string[] Row(DoraFigures dora, ImmutableArray<DeploymentRun> runs)
    {
        var ended = runs.Where(x => x.Kind == OperationKind.Deploy && x.Ended is not null).ToList();
        var durations = ended.Select(x => x.Duration!.Value).Order().ToList();
        var rollbacks = ended.Count(x => x.Result == OperationResult.Undone) + runs.Count(x => x is { Kind: OperationKind.Rollback, Result: OperationResult.Succeeded });
        return
        [
            dora.Environment,
            dora.Deployments.ToString(CultureInfo.InvariantCulture),
            dora.DeploymentsPerDay.ToString("0.##", CultureInfo.InvariantCulture),
            ended.Count == 0 ? "–" : Share((double)dora.Deployments / ended.Count),
            durations.Count == 0 ? "–" : Time(durations[durations.Count / 2]),
            rollbacks.ToString(CultureInfo.InvariantCulture),
            dora.LeadTime is { } lead ? Time(lead) : "–",
            dora.ChangeFailureRate is { } failures ? Share(failures) : "–",
            dora.TimeToRestore is { } restore ? Time(restore) : "–",
        ];
    }

    static string Share(double share) => share.ToString("0.#%", CultureInfo.InvariantCulture);

    static string Time(TimeSpan time) =>
        time >= TimeSpan.FromDays(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} d")
        : time >= TimeSpan.FromHours(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h")
        : time >= TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
