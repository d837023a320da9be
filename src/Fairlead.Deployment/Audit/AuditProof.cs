using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>A record, the way from it to the root of the tree, and a checkpoint over that root: everything that it takes to verify the record without the log.</summary>
public sealed record AuditProof
{
    const int LongestText = 4 * 1024 * 1024;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The version of this document's schema.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The record as it is stored, byte for byte; null when it was dropped.</summary>
    public string? Record { get; init; }

    /// <summary>Its leaf hash, in base64.</summary>
    public required string LeafHash { get; init; }

    /// <summary>Its place, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The audit path, in base64, from below.</summary>
    public required ImmutableArray<string> Proof { get; init; }

    /// <summary>The signed note of the checkpoint.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>The proof as a file.</summary>
    public string Write() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Reads a file; null when it is none.</summary>
    public static AuditProof? Read(string text)
    {
        try
        {
            return text.Length <= LongestText && JsonSerializer.Deserialize<AuditProof>(text, Json) is { LeafHash: not null, Checkpoint: not null, Proof.IsDefault: false, Schema: 1 } proof && proof.Proof.All(x => x is not null) ? proof : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with it; null when the record is one of the log of which the checkpoint is, and somebody who is trusted has signed that.</summary>
    /// <param name="application">The application whose log it is to be.</param>
    /// <param name="keys">The keys whose signatures count.</param>
    public string? Verify(string application, ImmutableArray<VerificationKey> keys)
    {
        if (SignedCheckpoint.Parse(Checkpoint) is not { } note)
            return "its checkpoint is no signed note";
        if (note.Checkpoint.Origin != Deployment.Checkpoint.OriginOf(application))
            return $"its checkpoint is of the log '{note.Checkpoint.Origin}', and not of '{Deployment.Checkpoint.OriginOf(application)}'";
        if (note.SignerAmong(keys) is null)
            return keys.IsEmpty ? "no key is trusted here that could have signed its checkpoint" : "its checkpoint is not signed by a key that is trusted here";
        if (Hash(LeafHash) is not { } leaf || Proof.Select(Hash).ToList() is var path && path.Contains(null))
            return "a hash in it is none";
        if (Record is not null && !MerkleTree.LeafHash(Encoding.UTF8.GetBytes(Record)).AsSpan().SequenceEqual(leaf))
            return "the record is not what its hash says: one of the two was changed";
        return MerkleTree.VerifyInclusion(leaf, Index, note.Checkpoint.Size, path!, Hash(note.Checkpoint.Root)) ? null : "the record is not in the log of the checkpoint, or not at this place";
    }

    static byte[]? Hash(string text)
    {
        var bytes = new byte[MerkleTree.HashLength];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == bytes.Length ? bytes : null;
    }
}
