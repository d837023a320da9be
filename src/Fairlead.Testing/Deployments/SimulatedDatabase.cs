using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.Testing;

/// <summary>A database in memory, for tests of rollouts: it knows whose migrations have run, and remembers copies of that.</summary>
/// <param name="time">The clock.</param>
public sealed class SimulatedDatabase(TimeProvider time) : IDatabase
{
    readonly Dictionary<string, Schema> _copies = new(StringComparer.Ordinal);
    readonly List<string> _events = [];

    /// <summary>Counts the effects and may kill the process at one of them.</summary>
    public KillSwitch Kill { get; set; } = new();

    /// <summary>What it is now.</summary>
    public Schema Now { get; private set; } = new([], []);

    /// <summary>The versions whose expanding migrations fail, in the middle.</summary>
    public ISet<string> Failing { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The versions whose expanding migrations take away what the version before uses.</summary>
    public ISet<string> Contracting { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether contracting migrations fail, in the middle.</summary>
    public bool FailingContraction { get; set; }

    /// <summary>The copies that were made and brought back, in their order: <c>backup ID</c>, <c>restore ID</c>.</summary>
    public IReadOnlyList<string> Copies => _events;

    /// <summary>Called with the copy when it is made, and when it is brought back.</summary>
    public Action<DatabaseBackup, bool>? OnCopy { get; set; }

    /// <inheritdoc/>
    public Task<DatabaseBackup> BackUpAsync(DatabaseWork work, CancellationToken cancellationToken)
    {
        var backup = new DatabaseBackup($"copy-{_copies.Count + 1}", work.Database.Name ?? "simulated", time.GetUtcNow(), work.Version, $"sha256:{_copies.Count + 1:x64}", 1, work.Database.Key is not null);
        Kill.Run("database: backup", () =>
        {
            _copies[backup.Id] = Now;
            _events.Add($"backup {backup.Id}");
            OnCopy?.Invoke(backup, false);
        });
        return Task.FromResult(backup);
    }

    /// <inheritdoc/>
    public Task RehearseAsync(DatabaseWork work, DatabaseBackup backup, bool mayContract, CancellationToken cancellationToken)
    {
        Kill.Run("database: rehearse", () => { });
        if (Failing.Contains(work.Version!))
            throw new UserErrorException($"The migrations of {work.Version} failed on the copy.");
        return Contracting.Contains(work.Version!) && !mayContract
            ? throw new UserErrorException($"The migrations of {work.Version} take away what the version before uses.")
            : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task MigrateAsync(DatabaseWork work, MigrationKind kind, CancellationToken cancellationToken)
    {
        var version = work.Version!;
        Kill.Run($"database: {kind.ToString().ToLowerInvariant()} {version}", () => Now = kind switch
        {
            MigrationKind.Expand => Now with { Expanded = Now.Expanded.Add(version) },
            MigrationKind.Contract => Now with { Contracted = Now.Contracted.Add(version) },
            _ => Now with { Expanded = Now.Expanded.Remove(version) },
        });
        return (kind == MigrationKind.Expand && Failing.Contains(version)) || (kind == MigrationKind.Contract && FailingContraction) ? throw new UserErrorException($"The migrations of {version} failed.") : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ConfirmAsync(DatabaseWork work, CancellationToken cancellationToken)
    {
        Kill.Run("database: confirm", () => { });
        return Now.Expanded.Contains(work.Version!) ? Task.CompletedTask : throw new UserErrorException($"The database is not migrated to {work.Version}.");
    }

    /// <inheritdoc/>
    public Task RestoreAsync(DatabaseWork work, DatabaseBackup backup, CancellationToken cancellationToken)
    {
        var copy = _copies.GetValueOrDefault(backup.Id) ?? throw new UserErrorException($"There is no copy {backup.Id}.");
        Kill.Run("database: restore", () =>
        {
            Now = copy;
            _events.Add($"restore {backup.Id}");
            OnCopy?.Invoke(backup, true);
        });
        return Task.CompletedTask;
    }

    /// <summary>Whose migrations have run.</summary>
    /// <param name="Expanded">Versions whose expanding migrations have run.</param>
    /// <param name="Contracted">Versions whose contracting migrations have run.</param>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "It is the state of this class and nothing else.")]
    public sealed record Schema(ImmutableSortedSet<string> Expanded, ImmutableSortedSet<string> Contracted)
    {
        /// <summary>The versions, for messages: <c>1.0.0 1.1.0 | 1.0.0</c>.</summary>
        public override string ToString() => $"{string.Join(' ', Expanded)} | {string.Join(' ', Contracted)}";
    }
}
