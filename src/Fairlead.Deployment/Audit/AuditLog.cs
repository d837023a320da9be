using System.Collections.Immutable;
using System.Globalization;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>
/// The audit log of one application: an RFC 6962 Merkle log whose leaves are records, with a checkpoint after each append. What is there is never changed; what is no longer to be kept
/// is dropped, and its hash stays.
/// </summary>
/// <param name="store">Where its bytes are.</param>
/// <param name="application">The application.</param>
/// <param name="time">The clock.</param>
public sealed class AuditLog(IAuditStore store, string application, TimeProvider time)
{
    const int Tries = 10;

    /// <summary>The keys whose signatures count; by default nobody's.</summary>
    public Func<ImmutableArray<VerificationKey>> TrustedKeys { get; init; } = () => [];

    /// <summary>Where this machine remembers the newest signed checkpoint; null: nowhere.</summary>
    public AuditMemory? Memory { get; init; }

    /// <summary>Where it is, for messages.</summary>
    public string Display => store.Display;

    /// <summary>The log as it is now.</summary>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public async Task<AuditSnapshot> ReadAsync(CancellationToken cancellationToken) => AuditSnapshot.Read((await store.ReadAsync(cancellationToken)).Bytes.Span);

    /// <summary>
    /// Adds what of an environment's journal is missing, and a checkpoint; also a checkpoint alone, when the last one is not signed and there is a key now. What is there already is not written twice.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="journal">Its journal.</param>
    /// <param name="rules">How its records are kept.</param>
    /// <param name="cipher">Encrypts what the rules want encrypted.</param>
    /// <param name="key">Signs the checkpoint; null: it is not signed.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>How many records were added.</returns>
    /// <exception cref="AuditBrokenException">The log does not verify; nothing was written.</exception>
    /// <exception cref="IOException">The log cannot be written or reached.</exception>
    public Task<int> AppendAsync(
        string environment, ImmutableArray<JournalEntry> journal, AuditRules rules, AuditCipher? cipher, SigningKey? key, CancellationToken cancellationToken)
    {
        var projected = AuditProjection.Of(environment, journal);
        return WriteAsync(
            log =>
            {
                var lives = AuditLives.Of(log);
                var life = lives.LifeFor(environment, projected);
                return [.. projected.Where(x => lives.Find(x.Id, life) is null).Select(x => Line(x with { Id = AuditLives.NameIn(life, x.Id) }))];
            },
            key, isForced: false, cancellationToken);

        byte[] Line(AuditRecord record) => AuditText.Line(record, rules.Encrypts(record.Kind) ? cipher ?? throw new InvalidOperationException("There is no cipher for records that are to be encrypted.") : null);
    }

    /// <summary>Adds a checkpoint over everything that is there, also when there is one already that another key, or none, has signed.</summary>
    /// <exception cref="AuditBrokenException">The log does not verify; nothing was written.</exception>
    public async Task<SignedCheckpoint> CheckpointAsync(SigningKey? key, CancellationToken cancellationToken)
    {
        await WriteAsync(_ => [], key, isForced: true, cancellationToken);
        return (await ReadAsync(cancellationToken)).LastCheckpoint!;
    }

    /// <summary>Drops what records say whose time is over. First a record tells which, then they go: killed in between, the next call goes on.</summary>
    /// <param name="rules">Gives the rules of an environment.</param>
    /// <param name="key">Signs the checkpoint; null: it is not signed.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>How many were dropped.</returns>
    /// <exception cref="AuditBrokenException">The log does not verify; nothing was written.</exception>
    public async Task<int> PruneAsync(Func<string, AuditRules> rules, SigningKey? key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await WriteAsync(
            log => log.Leaves
                .Where(x => x.Stored is { } stored && !log.Dropped.ContainsKey(stored.Id) && rules(AuditRecord.EnvironmentOf(stored.Id)).IsOver(stored.Kind, stored.At, now))
                .Select(x => new AuditDropped(x.Index, x.Stored!.Id, x.Stored.Kind, x.Stored.At, x.Stored.Sealed is not null, x.Stored.Record is { } record ? AuditText.FieldsHash(record) : null)).ToList() is { Count: > 0 } over
                ? [AuditText.Line(Retention(log.Leaves.Length, now, over), null)]
                : [],
            key, isForced: false, cancellationToken);
        for (var tries = 0; tries < Tries; tries++)
        {
            var seen = await store.ReadAsync(cancellationToken);
            var log = AuditSnapshot.Read(seen.Bytes.Span);
            ThrowIfBroken(log, isSigning: false);
            var gone = log.Dropped.Values.Select(x => x.Index).Where(x => x < log.Leaves.Length && log.Leaves[x].Bytes is not null).ToHashSet();
            if (gone.Count == 0)
                return 0;
            if (await store.ReplaceAsync(seen, Without(seen.Bytes.Span, gone), cancellationToken))
                return gone.Count;
        }

        throw Contended();
    }

    /// <summary>A record with everything that it takes to verify it without the log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="leaf">The record.</param>
    /// <returns>Null when no checkpoint covers it yet.</returns>
    public static AuditProof? Prove(AuditSnapshot log, AuditLeaf leaf) =>
        log.Checkpoints.LastOrDefault(x => x.Note.Checkpoint.Size > leaf.Index && x.Note.Checkpoint.Size == x.After) is { Note: { } note, After: var size }
            ? new AuditProof
            {
                Record = leaf.Bytes is null ? null : System.Text.Encoding.UTF8.GetString(leaf.Bytes),
                LeafHash = Convert.ToBase64String(leaf.Hash),
                Index = leaf.Index,
                Proof = [.. MerkleTree.InclusionProof(log.Hashes.AsSpan(0, size), leaf.Index).Select(Convert.ToBase64String)],
                Checkpoint = note.ToString(),
            }
            : null;

    internal static string RetentionId(int index) => string.Create(CultureInfo.InvariantCulture, $"{EnvironmentNames.Audit}/{index + 1}");

    async Task<int> WriteAsync(Func<AuditSnapshot, ImmutableArray<byte[]>> make, SigningKey? key, bool isForced, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            var seen = await store.ReadAsync(cancellationToken);
            var log = AuditSnapshot.Read(seen.Bytes.Span);
            ThrowIfBroken(log, isSigning: key is not null);
            var records = make(log);
            var covered = log.Checkpoints.IsEmpty ? -1 : log.Checkpoints[^1].After;
            var isToBeSigned = key is not null && !log.Leaves.IsEmpty && log.LastCheckpoint is { Signatures.IsEmpty: true };
            if (records.IsEmpty && !isForced && !isToBeSigned && (covered == log.Leaves.Length || (covered < 0 && log.Leaves.IsEmpty)))
            {
                Remember(log.LastSigned);
                return 0;
            }

            byte[][] hashes = [.. log.Hashes, .. records.Select(x => Convert.FromHexString(System.Text.Encoding.ASCII.GetString(x.AsSpan(0, 2 * MerkleTree.HashLength))))];
            var note = At(hashes, key);
            // The first one says that there is nothing yet: a log without any was tampered with.
            byte[] lines =
            [
                .. covered < 0 ? AuditText.Line(At([], key)) : [], .. records.SelectMany(x => x), .. AuditText.Line(note),
            ];
            if (await store.AppendAsync(seen, log.WholeLength, lines, cancellationToken))
            {
                Remember(key is null ? log.LastSigned : note);
                return records.Length;
            }
        }

        throw Contended();
    }

    SignedCheckpoint At(byte[][] hashes, SigningKey? key) =>
        new Checkpoint(Checkpoint.OriginOf(application), hashes.Length, Convert.ToBase64String(MerkleTree.Root(hashes))).Sign(key);

    /// <summary>A checkpoint vouches for everything before it: it must have grown out of what was signed before, as far as that is known here.</summary>
    void ThrowIfBroken(AuditSnapshot log, bool isSigning)
    {
        var evidence = new AuditEvidence { Application = application };
        var finding = AuditVerifier.Verify(log, evidence).FirstOrDefault(x => x.IsWrong)
            ?? AuditVerifier.Ancestry(log, evidence with { Keys = isSigning ? TrustedKeys() : [], Remembered = Memory?.Read() }).FirstOrDefault();
        if (finding is not null)
            throw new AuditBrokenException(finding);
    }

    void Remember(SignedCheckpoint? note)
    {
        if (Memory is not null && note?.SignerAmong(TrustedKeys()) is not null)
            Memory.Keep(note);
    }

    IOException Contended() => new($"The audit log {store.Display} was written by others again and again.");

    static AuditRecord Retention(int index, DateTimeOffset now, List<AuditDropped> over) => new()
    {
        Id = RetentionId(index),
        Kind = AuditKinds.Retention,
        At = now,
        What = $"What {(over.Count == 1 ? "a record says" : $"{over.Count} records say")} is dropped, because the time for which it is kept is over.",
        Details = over.Select(x => x.Write()).ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    static byte[] Without(ReadOnlySpan<byte> content, HashSet<int> gone)
    {
        using var kept = new MemoryStream(content.Length);
        var (position, index) = (0, 0);
        while (content[position..].IndexOf((byte)'\n') is var length && length >= 0)
        {
            var line = content.Slice(position, length + 1);
            var isRecord = line[0] != AuditText.CheckpointMark;
            kept.Write(isRecord && gone.Contains(index) ? AuditText.Line(Convert.FromHexString(System.Text.Encoding.ASCII.GetString(line[..(2 * MerkleTree.HashLength)])), "-"u8) : line);
            index += isRecord ? 1 : 0;
            position += length + 1;
        }

        return kept.ToArray();
    }
}
