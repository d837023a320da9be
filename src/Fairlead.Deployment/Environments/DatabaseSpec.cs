using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>The database of an environment. Kept in the journal, so that the way back needs no file.</summary>
public sealed record DatabaseSpec
{
    /// <summary>Its name; null: the one that <see cref="Connection"/> names.</summary>
    public string? Name { get; init; }

    /// <summary>Where the address is, <c>postgresql://user:password@host:5432/name</c>; null: the libpq variables (PGHOST …) of the command that deploys.</summary>
    public SecretReference? Connection { get; init; }

    /// <summary>The artifact in which the migrations run; null: that of the first service.</summary>
    public string? Artifact { get; init; }

    /// <summary>Program and arguments that expand the schema to what the release needs; empty: none.</summary>
    public ImmutableArray<string> Migrations { get; init; } = [];

    /// <summary>Program and arguments that take away what only the release before used, when that has gone; empty: none.</summary>
    public ImmutableArray<string> Contract { get; init; } = [];

    /// <summary>Program and arguments that take the release's migrations back; empty: none.</summary>
    public ImmutableArray<string> Down { get; init; } = [];

    /// <summary>Program and arguments that end well when the schema is what the release expects; empty: none.</summary>
    public ImmutableArray<string> Confirm { get; init; } = [];

    /// <summary>Program and arguments that write a copy to standard output; empty: <c>pg_dump</c>.</summary>
    public ImmutableArray<string> Backup { get; init; } = [];

    /// <summary>Program and arguments that read a copy from standard input; empty: <c>pg_restore</c>.</summary>
    public ImmutableArray<string> Restore { get; init; } = [];

    /// <summary>Whether a copy is made before the migrations. By default it is, where there are migrations.</summary>
    public bool BacksUp { get; init; }

    /// <summary>Whether the migrations are tried on a copy first. By default they are, where a copy is made by <c>pg_dump</c>.</summary>
    public bool Rehearses { get; init; }

    /// <summary>Where copies are kept; null: in the environment's state.</summary>
    public string? Directory { get; init; }

    /// <summary>Where the passphrase is that copies are encrypted with; null: they are not encrypted.</summary>
    public SecretReference? Key { get; init; }

    /// <summary>Whether copies must be encrypted, for which <see cref="Key"/> is needed; with a key they always are.</summary>
    public bool Encrypts { get; init; }

    /// <summary>How old the last copy may get before <c>:backup --if-due</c> makes another; null: nothing is said.</summary>
    public TimeSpan? Frequency { get; init; }

    /// <summary>How long copies are kept; null: for ever. The last one always stays.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>What becomes of it when a release goes back. By default it stays as it is.</summary>
    public DatabaseFallback OnRollback { get; init; }

    /// <summary>How long one command may take. By default one hour.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether a rollout does anything with it.</summary>
    [JsonIgnore]
    public bool TakesPart => BacksUp || !Migrations.IsEmpty || !Contract.IsEmpty || !Confirm.IsEmpty;
}
