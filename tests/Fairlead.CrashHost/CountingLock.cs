using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.CrashHost;

sealed class CountingLock(IDeploymentLock inner, Effects effects) : IDeploymentLock
{
    public FencingToken Token => inner.Token;

    public Task AppendAsync(JournalEvent journalEvent, CancellationToken cancellationToken) =>
        effects.RunAsync($"store: append {Name(journalEvent)}", () => inner.AppendAsync(journalEvent, cancellationToken));

    public Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken) =>
        effects.RunAsync("store: keep artifact", () => inner.KeepArtifactAsync(digest, file, cancellationToken));

    public Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken) =>
        effects.RunAsync("store: prune artifacts", () => inner.PruneArtifactsAsync(keep, cancellationToken));

    public async ValueTask DisposeAsync() => await effects.RunAsync("store: unlock", () => inner.DisposeAsync().AsTask());

    // Without the revision: the same effect has the same name whatever was deployed before.
    static string Name(JournalEvent journalEvent) => journalEvent switch
    {
        JournalEvent.StepIntended x => $"intent {x.Step.Split(' ')[0]}",
        JournalEvent.StepDone x => $"done {x.Step.Split(' ')[0]}",
        _ => journalEvent.GetType().Name,
    };
}
