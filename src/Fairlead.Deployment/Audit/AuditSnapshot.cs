using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Fairlead.Deployment;

/// <summary>A log as it was read. Anything can be read; what is not right in it <see cref="AuditVerifier"/> says.</summary>
public sealed class AuditSnapshot
{
    const int HexLength = 2 * MerkleTree.HashLength;

    readonly Lazy<ImmutableDictionary<string, AuditDropped>> _dropped;

    AuditSnapshot(ImmutableArray<AuditLeaf> leaves, ImmutableArray<(SignedCheckpoint Note, int After)> checkpoints, ImmutableArray<int> damagedLines, int wholeLength, bool isTorn)
    {
        (Leaves, Checkpoints, DamagedLines, WholeLength, IsTorn) = (leaves, checkpoints, damagedLines, wholeLength, isTorn);
        _dropped = new(() => leaves.Select(x => x.Stored?.Record).Where(x => x?.Kind == AuditKinds.Retention)
            .SelectMany(x => x!.Details.Select(y => AuditDropped.Read(y.Key, y.Value)).OfType<AuditDropped>())
            .GroupBy(x => x.Id, StringComparer.Ordinal).ToImmutableDictionary(x => x.Key, x => x.First(), StringComparer.Ordinal));
    }

    /// <summary>The records, the oldest first.</summary>
    public ImmutableArray<AuditLeaf> Leaves { get; }

    /// <summary>The checkpoints, the oldest first, with the number of records that stand before each.</summary>
    public ImmutableArray<(SignedCheckpoint Note, int After)> Checkpoints { get; }

    /// <summary>Numbers of the lines, from 1, that are neither record nor checkpoint.</summary>
    public ImmutableArray<int> DamagedLines { get; }

    /// <summary>How many bytes of the log are whole lines.</summary>
    public int WholeLength { get; }

    /// <summary>Whether something follows that is no whole line: what a command had begun to write when it was killed.</summary>
    public bool IsTorn { get; }

    /// <summary>The last checkpoint; null in an empty log.</summary>
    public SignedCheckpoint? LastCheckpoint => Checkpoints.IsEmpty ? null : Checkpoints[^1].Note;

    /// <summary>The environments that records are of, without names that none can have.</summary>
    public IEnumerable<string> Environments => Leaves.Where(x => x.Stored is not null).Select(x => AuditRecord.EnvironmentOf(x.Stored!.Id))
        .Where(x => x != EnvironmentNames.Audit && AuditRecord.CanBeEnvironment(x)).Distinct(StringComparer.Ordinal);

    /// <summary>The last checkpoint that bears a signature, whosever; null when none does.</summary>
    internal SignedCheckpoint? LastSigned => Checkpoints.LastOrDefault(x => !x.Note.Signatures.IsEmpty).Note;

    /// <summary>The hashes of all leaves.</summary>
    internal byte[][] Hashes => [.. Leaves.Select(x => x.Hash)];

    /// <summary>By name, what was dropped, as the records of kind <see cref="AuditKinds.Retention"/> say.</summary>
    internal ImmutableDictionary<string, AuditDropped> Dropped => _dropped.Value;

    /// <summary>Reads a log.</summary>
    public static AuditSnapshot Read(ReadOnlySpan<byte> content)
    {
        var leaves = ImmutableArray.CreateBuilder<AuditLeaf>();
        var checkpoints = ImmutableArray.CreateBuilder<(SignedCheckpoint, int)>();
        var damaged = ImmutableArray.CreateBuilder<int>();
        var (position, number) = (0, 0);
        while (content[position..].IndexOf((byte)'\n') is var length && length >= 0)
        {
            number++;
            var line = content.Slice(position, length);
            if (NoteOf(line) is { } note)
                checkpoints.Add((note, leaves.Count));
            else if (LeafOf(line, leaves.Count) is { } leaf)
                leaves.Add(leaf);
            else
                damaged.Add(number);
            position += length + 1;
        }

        return new AuditSnapshot(leaves.ToImmutable(), checkpoints.ToImmutable(), damaged.ToImmutable(), position, position < content.Length);
    }

    /// <summary>Finds a record by its name or its number from 1.</summary>
    public AuditLeaf? Find(string idOrNumber)
    {
        if (int.TryParse(idOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number > 0 && number <= Leaves.Length ? Leaves[number - 1] : null;
        return Leaves.FirstOrDefault(x => x.Stored?.Id == idOrNumber) ?? (Dropped.GetValueOrDefault(idOrNumber) is { } dropped && dropped.Index < Leaves.Length ? Leaves[dropped.Index] : null);
    }

    static SignedCheckpoint? NoteOf(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2 || line[0] != AuditText.CheckpointMark || line[1] != ' ')
            return null;
        var encoded = Encoding.ASCII.GetString(line[2..]);
        try
        {
            var bytes = Convert.FromBase64String(encoded);
            // One text for each note, so that no change goes unseen.
            return Convert.ToBase64String(bytes) == encoded && Encoding.UTF8.GetString(bytes) is var text && Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(bytes) ? SignedCheckpoint.Parse(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static AuditLeaf? LeafOf(ReadOnlySpan<byte> line, int index)
    {
        if (line.Length <= HexLength + 1 || line[HexLength] != ' ')
            return null;
        foreach (var digit in line[..HexLength])
        {
            if (digit is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f')))
                return null;
        }

        var hash = Convert.FromHexString(Encoding.ASCII.GetString(line[..HexLength]));
        var stored = line[(HexLength + 1)..];
        return stored.SequenceEqual("-"u8) ? new AuditLeaf(index, hash, null, null) : new AuditLeaf(index, hash, stored.ToArray(), AuditText.Read(stored));
    }
}
