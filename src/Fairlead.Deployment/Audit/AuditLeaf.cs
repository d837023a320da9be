namespace Fairlead.Deployment;

/// <summary>One record of a log, as it is stored.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Hash">The leaf hash that stands before it.</param>
/// <param name="Bytes">What is stored; null when it was dropped.</param>
/// <param name="Stored">What can be read of that; null when it was dropped or is no record.</param>
public sealed record AuditLeaf(int Index, byte[] Hash, byte[]? Bytes, AuditStored? Stored)
{
    /// <summary>Whether what is stored is what the hash says; true for what was dropped.</summary>
    public bool IsIntact => Bytes is null || (Stored is not null && MerkleTree.LeafHash(Bytes).AsSpan().SequenceEqual(Hash));

    /// <summary>All that it says; null when it was dropped, is no record, or is sealed under another key than this one.</summary>
    /// <param name="cipher">Opens what is sealed; null: there is no key.</param>
    public AuditRecord? Open(AuditCipher? cipher) => Stored is null ? null : AuditText.Open(Stored, cipher);

    /// <summary>Number for people, from 1, and name where it is known.</summary>
    public string Display => Stored is null ? $"record {Index + 1}" : $"record {Index + 1} ({Stored.Id})";
}
