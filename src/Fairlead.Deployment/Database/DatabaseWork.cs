using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What something is to be done to a database for.</summary>
public sealed record DatabaseWork
{
    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The database.</summary>
    public required DatabaseSpec Database { get; init; }

    /// <summary>Version of the release whose migrations run, or which is live when a copy is made; null when none is.</summary>
    public string? Version { get; init; }

    /// <summary>The archive of the artifact that has the migrations; null where none run.</summary>
    public AbsolutePath? Artifact { get; init; }

    /// <summary>
    /// The operation for which it is done, when it may be done again after it was killed: with the same one, what is done already is not done twice. Null: each call is one of its own.
    /// </summary>
    public string? Attempt { get; init; }

    /// <summary>Awaited directly before a restored copy takes the place of the database; throws when that may no longer be done, because the lock was lost. Null: nobody is asked.</summary>
    public Func<CancellationToken, Task>? BeforeSwap { get; init; }

    /// <summary>Names of copies that stay, however old they are: those to which the live release or a kept one may go back.</summary>
    public ImmutableArray<string> NeededBackups { get; init; } = [];

    /// <summary>Told what happens, line by line.</summary>
    public required Action<string> Log { get; init; }
}
