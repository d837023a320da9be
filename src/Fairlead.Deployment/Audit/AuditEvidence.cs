using System.Collections.Immutable;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>What a log is verified against.</summary>
public sealed record AuditEvidence
{
    /// <summary>The application whose log it is to be.</summary>
    public required string Application { get; init; }

    /// <summary>The keys whose signatures count. Empty: nobody's, and checkpoints prove nothing against those who can write the log.</summary>
    public ImmutableArray<VerificationKey> Keys { get; init; } = [];

    /// <summary>The journals; null: the log is looked at by itself.</summary>
    public ImmutableArray<AuditJournal>? Journals { get; init; }

    /// <summary>Checkpoints that were kept elsewhere.</summary>
    public ImmutableArray<SignedCheckpoint> Kept { get; init; } = [];

    /// <summary>What this machine remembers of the log; null: nothing.</summary>
    public AuditRemembered? Remembered { get; init; }

    /// <summary>Whether the last records may be under a checkpoint that nobody has signed, because they are about to be signed.</summary>
    public bool MayEndUnsigned { get; init; }

    /// <summary>Opens sealed records; null: they are compared by their names alone.</summary>
    public AuditCipher? Cipher { get; init; }
}
