using System.Globalization;
using System.Text;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>
/// What a log was at one moment, in the words of C2SP tlog-checkpoint: the text of a signed note with origin, number of records and root of the tree. Whoever keeps one
/// elsewhere can tell later whether the log has only grown since.
/// </summary>
/// <param name="Origin">Which log: <c>fairlead/&lt;application&gt;</c>.</param>
/// <param name="Size">How many records it has.</param>
/// <param name="Root">Root of its tree, 32 bytes, in base64.</param>
public sealed record Checkpoint(string Origin, long Size, string Root)
{
    /// <summary>What is signed: three lines, each ended with a line feed.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n");

    /// <summary>Origin of an application's log.</summary>
    public static string OriginOf(string application) => $"fairlead/{application}";

    /// <summary>The checkpoint with a signature, or with none where there is no key.</summary>
    public SignedCheckpoint Sign(SigningKey? key) => new(this, key is null
        ? []
        : [new CheckpointSignature(CheckpointSignature.NameOf(key.PublicKey), [.. CheckpointSignature.KeyId(key.PublicKey), .. key.Sign(Encoding.UTF8.GetBytes(Text))])]);
}
