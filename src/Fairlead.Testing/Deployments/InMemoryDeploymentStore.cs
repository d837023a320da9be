using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.Testing;

/// <summary>A store in memory, for tests of rollouts. Artifacts are not copied but remembered by their path.</summary>
/// <param name="time">The clock.</param>
public sealed class InMemoryDeploymentStore(TimeProvider time) : IDeploymentStore
{
    readonly Dictionary<string, State> _environments = new(StringComparer.Ordinal);

    /// <summary>Counts the effects and may kill the process at one of them. A kill lets go of all locks.</summary>
    public KillSwitch Kill { get; set; } = new();

    /// <summary>May throw instead of an append, whose event it gets.</summary>
    public Action<JournalEvent>? OnAppend { get; set; }

    /// <summary>The digests of the artifacts that an environment keeps.</summary>
    public IReadOnlySet<string> ArtifactsOf(string environment) => Of(environment).Artifacts.Keys.ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<ImmutableArray<JournalEntry>> ReadJournalAsync(string environment, CancellationToken cancellationToken)
    {
        Kill.ThrowIfDead();
        return Task.FromResult<ImmutableArray<JournalEntry>>([.. Of(environment).Journal]);
    }

    /// <inheritdoc/>
    public Task<LockHolder?> FindHolderAsync(string environment, CancellationToken cancellationToken) => Task.FromResult(Of(environment).Holder);

    /// <inheritdoc/>
    public Task<IDeploymentLock> LockAsync(string environment, LockRequest request, CancellationToken cancellationToken)
    {
        var state = Of(environment);
        if (state.Holder is { } holder)
            throw new UserErrorException($"Somebody else is changing {environment}: {holder}.");
        Kill.Run("lock", () =>
        {
            state.Token++;
            state.Holder = new LockHolder(request.User, request.Host, request.ProcessId, time.GetUtcNow(), request.Command);
        });
        return Task.FromResult<IDeploymentLock>(new Held(this, state, new FencingToken(state.Token)));
    }

    /// <inheritdoc/>
    public Task<bool> RequestAsync(string environment, OperatorAction action, string by, CancellationToken cancellationToken)
    {
        var state = Of(environment);
        if (state.Holder is null)
            return Task.FromResult(false);
        state.Request = new OperatorRequest(Guid.NewGuid().ToString("N"), state.Token, action, by, time.GetUtcNow());
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<OperatorRequest?> ReadRequestAsync(string environment, CancellationToken cancellationToken)
    {
        Kill.ThrowIfDead();
        return Task.FromResult(Of(environment).Request);
    }

    /// <inheritdoc/>
    public Task<LockHolder?> BreakLockAsync(string environment, CancellationToken cancellationToken)
    {
        var state = Of(environment);
        var holder = state.Holder;
        if (holder is not null)
            (state.Token, state.Holder) = (state.Token + 1, null);
        return Task.FromResult(holder);
    }

    /// <inheritdoc/>
    public AbsolutePath? FindArtifact(string environment, string digest) => Of(environment).Artifacts.GetValueOrDefault(digest);

    /// <summary>Lets go of all locks, as the system does for a process that has ended.</summary>
    public void ReleaseLocks()
    {
        foreach (var state in _environments.Values)
            state.Holder = null;
    }

    State Of(string environment)
    {
        if (!_environments.TryGetValue(environment, out var state))
            _environments[environment] = state = new State();
        return state;
    }

    sealed class State
    {
        public List<JournalEntry> Journal { get; } = [];

        public Dictionary<string, AbsolutePath> Artifacts { get; } = new(StringComparer.Ordinal);

        public long Token { get; set; }

        public LockHolder? Holder { get; set; }

        public OperatorRequest? Request { get; set; }
    }

    sealed class Held(InMemoryDeploymentStore store, State state, FencingToken token) : IDeploymentLock
    {
        public FencingToken Token => token;

        public Task AppendAsync(JournalEvent journalEvent, CancellationToken cancellationToken)
        {
            store.Kill.Run($"append {journalEvent.GetType().Name}", () =>
            {
                store.OnAppend?.Invoke(journalEvent);
                if (state.Token > token.Value)
                    throw new FencedOffException(token, new FencingToken(state.Token));
                state.Journal.Add(new JournalEntry(state.Journal.Count + 1, store.Now, token.Value, journalEvent));
            });
            return Task.CompletedTask;
        }

        public Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken)
        {
            if (!state.Artifacts.ContainsKey(digest))
                store.Kill.Run($"keep {digest}", () => state.Artifacts[digest] = file);
            return Task.CompletedTask;
        }

        public Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken)
        {
            if (state.Artifacts.Keys.Any(x => !keep.Contains(x)))
            {
                store.Kill.Run("prune", () =>
                {
                    foreach (var digest in state.Artifacts.Keys.Where(x => !keep.Contains(x)).ToList())
                        state.Artifacts.Remove(digest);
                });
            }

            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            if (state.Token == token.Value)
                state.Holder = null;
            return ValueTask.CompletedTask;
        }
    }

    DateTimeOffset Now => time.GetUtcNow();
}
