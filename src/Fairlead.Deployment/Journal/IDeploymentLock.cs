using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>The right to change one environment, until disposed.</summary>
public interface IDeploymentLock : IAsyncDisposable
{
    /// <summary>Carried by every call to the platform.</summary>
    FencingToken Token { get; }

    /// <summary>Appends to the journal; when this returns, the entry survives a power cut.</summary>
    Task AppendAsync(JournalEvent journalEvent, CancellationToken cancellationToken);

    /// <summary>Keeps a copy of an artifact, whole or not at all. One that is kept already is not copied again.</summary>
    /// <exception cref="UserErrorException">The file is not there or is not what the digest says.</exception>
    Task KeepArtifactAsync(string digest, AbsolutePath file, CancellationToken cancellationToken);

    /// <summary>Deletes all artifacts but these.</summary>
    Task PruneArtifactsAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken);
}
