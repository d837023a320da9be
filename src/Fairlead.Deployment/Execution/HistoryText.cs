using System.Text;

namespace Fairlead.Deployment;

/// <summary>Renders an operation of the past for people.</summary>
static class HistoryText
{
    public static string Render(HistoryEntry entry)
    {
        var what = entry.Kind switch
        {
            OperationKind.Deploy => $"deploy {entry.Version}",
            OperationKind.Rollback => $"rollback to {entry.Version}",
            OperationKind.BackUp => "backup",
            OperationKind.Restore => "restore",
            OperationKind.Contract => $"contract {entry.Version}",
            _ => "down",
        };
        var end = entry.Result switch
        {
            OperationResult.Succeeded => $"succeeded after {Took(entry)}",
            OperationResult.Undone when entry.IsWaiting => $"WITHDRAWN after {Took(entry)}",
            OperationResult.Undone => $"TAKEN BACK after {Took(entry)}",
            _ when entry.IsWaiting => "WAITING FOR APPROVAL",
            _ => "NOT ENDED",
        };
        var text = new StringBuilder($"{entry.Since:yyyy-MM-dd HH:mm:ss} UTC  {what}  by {entry.By}  {end}");
        if (entry.Reason is not null)
            text.Append($"\n    why: {entry.Reason} (at '{entry.LastStep}')");
        foreach (var note in entry.Notes)
            text.Append("\n    ").Append(note.TrimEnd().ReplaceLineEndings("\n      "));
        return text.ToString();
    }

    static string Took(HistoryEntry entry) => Durations.Format(TimeSpan.FromSeconds(Math.Max(1, Math.Round((entry.Until!.Value - entry.Since).TotalSeconds))));
}
