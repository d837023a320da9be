using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>A checkpoint with its signatures: a C2SP signed note.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Signatures">The signatures; none where nobody had a key.</param>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, ImmutableArray<CheckpointSignature> Signatures)
{
    const string Dash = "— ";
    const int LongestText = 64 * 1024;

    /// <summary>The note: the checkpoint's lines, an empty one, and one for each signature.</summary>
    public override string ToString() => $"{Checkpoint.Text}\n{string.Concat(Signatures.Select(x => $"{Dash}{x.Name} {Convert.ToBase64String(x.Bytes)}\n"))}";

    /// <summary>Reads a note. What is not written exactly as it is made is none: there is one text for each note.</summary>
    /// <param name="text">The note.</param>
    /// <returns>Null when it is none.</returns>
    public static SignedCheckpoint? Parse(string text)
    {
        if (text.Length > LongestText || text.Split("\n\n", 2) is not [var head, var signatures] || head.Split('\n') is not [{ Length: > 0 } origin, var number, var root])
            return null;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || Bytes(root) is not { Length: MerkleTree.HashLength } || origin.Any(char.IsControl))
            return null;
        var lines = ImmutableArray.CreateBuilder<CheckpointSignature>();
        foreach (var line in signatures.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith(Dash, StringComparison.Ordinal) || line[Dash.Length..].Split(' ') is not [{ Length: > 0 } name, var encoded] || Bytes(encoded) is not { Length: > CheckpointSignature.KeyIdLength } bytes)
                return null;
            lines.Add(new CheckpointSignature(name, bytes));
        }

        var note = new SignedCheckpoint(new Checkpoint(origin, size, root), lines.ToImmutable());
        return note.ToString() == text ? note : null;
    }

    /// <summary>Reads a file with one note or several, each after the other.</summary>
    /// <returns>Null when anything in it is no note, or there is none.</returns>
    public static ImmutableArray<SignedCheckpoint>? ParseAll(string text)
    {
        var notes = ImmutableArray.CreateBuilder<SignedCheckpoint>();
        var note = new StringBuilder();
        var isBody = true;
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            var isSignature = line.StartsWith(Dash, StringComparison.Ordinal);
            if (!isBody && !isSignature && line.Length > 0)
            {
                if (Parse(note.ToString()) is not { } whole)
                    return null;
                notes.Add(whole);
                note.Clear();
                isBody = true;
            }

            // Between notes there may be empty lines.
            if (line.Length > 0 || isBody)
                note.Append(line).Append('\n');
            isBody &= line.Length > 0;
        }

        if (isBody)
            note.Append('\n');
        if (Parse(note.ToString()) is not { } last)
            return null;
        notes.Add(last);
        return notes.ToImmutable();
    }

    /// <summary>Who of these has signed it; null when nobody has. Signatures of keys that are not among them say nothing.</summary>
    public VerificationKey? SignerAmong(IEnumerable<VerificationKey> trusted) =>
        trusted.FirstOrDefault(key => Signatures.Any(x => x.IsOf(key) && x.IsGood(key, Checkpoint.Text)));

    static byte[]? Bytes(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64) is var bytes && Convert.ToBase64String(bytes) == base64 ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
