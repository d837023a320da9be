using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>What is kept about a copy beside its file.</summary>
public sealed record BackupRecord
{
    /// <summary>The copy.</summary>
    public required DatabaseBackup Backup { get; init; }

    /// <summary>Whether <c>pg_dump</c> made it; otherwise a command of the environment's own did.</summary>
    public bool IsDump { get; init; }

    /// <summary>Version of the server that it comes from.</summary>
    public string? Server { get; init; }

    /// <summary>How many rows each table had in it, by <c>schema.table</c>; null: nobody counted.</summary>
    public ImmutableSortedDictionary<string, long>? Rows { get; init; }

    /// <summary>Proves to who has the passphrase that this record was made with it, <see cref="Drill"/> apart; null: the copy is not encrypted.</summary>
    public string? Seal { get; init; }

    /// <summary>How it was last proved; null: never.</summary>
    public BackupDrill? Drill { get; init; }
}
