using System.Text;

namespace Fairlead.Deployment;

/// <summary>Renders a status for a terminal of any kind: plain text, aligned columns.</summary>
static class StatusText
{
    public static string Render(EnvironmentStatus status)
    {
        var text = new StringBuilder();
        text.Append($"{status.Application} on {status.Environment}: ");
        text.Append(status.Live is { } live
            ? $"{live.Target.Release.Version} ({ShortCommit(live)}) is live since {Time(live.Since)}, by {live.By}"
            : "nothing is live");
        if (status.Services.Length > 0)
            text.Append('\n');
        AppendTable(text, [["SERVICE", "REVISION", "VERSION", "STATE", "REPLICAS", "TRAFFIC", "URL"], .. status.Services.Select(Row)]);
        foreach (var service in status.Services.Where(x => x.Detail is not null))
            text.Append($"\n\n  {service.Revision}:\n    ").Append(service.Detail!.TrimEnd().ReplaceLineEndings("\n    "));
        if (status.Live is not null && status.Services.Any(x => x.Phase is null))
            text.Append("\n\n  What should be live is not there (was the machine restarted?). Deploy the same release again to bring it up.");
        if (status.OwesContract)
            text.Append($"\n\n  The contracting migrations of {status.Live!.Target.Release.Version} are still to run: ':contract {status.Environment}', or the next deployment.");
        AppendUnfinished(text, status);
        if (status.Previous.Length > 0)
        {
            text.Append("\n\n  Can be rolled back to:");
            AppendTable(text, [.. status.Previous.Select(x => (string[])[x.Target.Release.Version, ShortCommit(x), $"live since {Time(x.Since)}, by {x.By}"])]);
        }

        return text.ToString();
    }

    static void AppendUnfinished(StringBuilder text, EnvironmentStatus status)
    {
        if (status.Holder is { } holder)
            text.Append($"\n\n  Being changed right now by {holder}.");
        if (status.Unfinished is not { } unfinished)
            return;
        var what = unfinished.Kind switch
        {
            OperationKind.Deploy => $"The deployment of {unfinished.Version}",
            OperationKind.Rollback => $"The rollback to {unfinished.Version}",
            OperationKind.BackUp => "A copy of the database",
            OperationKind.Restore => "Bringing the database back",
            OperationKind.Contract => $"The contracting migrations of {unfinished.Version}",
            _ => "The command ':down'",
        };
        var step = unfinished.LastStep is { } last ? $"; its last step was '{last}'" : "";
        if (unfinished.IsWaiting && status.Holder is null)
        {
            text.Append($"\n\n  WAITING FOR APPROVAL: {unfinished.Version}, since {Time(unfinished.Since)}, by {unfinished.By}.\n  {unfinished.Next}");
            return;
        }

        text.Append(status.Holder is null
            ? $"\n\n  INTERRUPTED: {what} by {unfinished.By} began {Time(unfinished.Since)} and did not end{step}.\n  {unfinished.Next}"
            : $"\n  {what} began {Time(unfinished.Since)}{step}.{(unfinished.IsPaused ? $" It is PAUSED: ':resume {status.Environment}' goes on, ':abort {status.Environment}' takes it back." : "")}");
    }

    static string[] Row(ServiceStatus x) =>
    [
        x.Service, x.Revision, x.Version, State(x), $"{x.HealthyReplicas}/{x.Replicas}", $"{x.Traffic} %", x.Url?.ToString().TrimEnd('/') ?? "-",
    ];

    static string State(ServiceStatus x) => x switch
    {
        { Phase: null } => "NOT THERE",
        { RetiresAt: { } at, Traffic: 0 } => $"fallback until {at:HH:mm}",
        _ => x.Phase.Value.ToString().ToLowerInvariant(),
    };

    static void AppendTable(StringBuilder text, string[][] rows)
    {
        if (rows.Length == 1 && rows[0][0] == "SERVICE")
            return;
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(x => x[column].Length)).ToArray();
        foreach (var row in rows)
            text.Append('\n').Append(("  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])))).TrimEnd());
    }

    static string ShortCommit(LiveRelease x) => x.Target.Release.Commit is { Length: > 7 } commit ? commit[..7] : x.Target.Release.Commit;

    static string Time(DateTimeOffset time) => $"{time:yyyy-MM-dd HH:mm} UTC";
}
