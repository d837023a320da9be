using System.Collections.Immutable;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>Finds out whether a log is what was written into it. Pure.</summary>
public static class AuditVerifier
{
    const string KeysStay = "The public keys of those who signed before stay in '.nuke/keys'.";

    /// <summary>Everything that is not as it should be, the gravest first; empty for a log that is whole.</summary>
    /// <param name="log">The log.</param>
    /// <param name="evidence">What it is verified against.</param>
    public static ImmutableArray<AuditFinding> Verify(AuditSnapshot log, AuditEvidence evidence) =>
    [
        .. ((IEnumerable<AuditFinding>)[.. Lines(log), .. Records(log), .. Checkpoints(log, evidence), .. Journals(log, evidence), .. Kept(log, evidence), .. Remembered(log, evidence)]).OrderByDescending(x => x.IsWrong),
    ];

    /// <summary>Whether a log has grown out of what was signed before: of the last signed checkpoint in it, and of the one that this machine remembers. Only what is wrong.</summary>
    internal static IEnumerable<AuditFinding> Ancestry(AuditSnapshot log, AuditEvidence evidence)
    {
        foreach (var finding in Remembered(log, evidence))
            yield return finding;
        if (!evidence.Keys.IsEmpty && log.LastSigned is { } last && last.SignerAmong(evidence.Keys) is null)
            yield return Wrong($"The last signature in the log, under the checkpoint of {Count(last.Checkpoint.Size)}, is not of a key that is trusted here ({Names(evidence.Keys)}): it was changed, or the key was taken away.", KeysStay);
    }

    static IEnumerable<AuditFinding> Lines(AuditSnapshot log)
    {
        foreach (var line in log.DamagedLines)
            yield return Wrong($"Line {line} of the log is neither a record nor a checkpoint: it was changed or put there by hand.");
        if (log.IsTorn)
            yield return Note("The last line of the log is not whole: a command was stopped while it wrote it. The next one writes it again.");
    }

    static IEnumerable<AuditFinding> Records(AuditSnapshot log)
    {
        var names = new Dictionary<string, AuditLeaf>(StringComparer.Ordinal);
        var dropped = log.Dropped.Values.Select(x => x.Index).ToHashSet();
        foreach (var leaf in log.Leaves)
        {
            if (!leaf.IsIntact)
                yield return Wrong($"What {leaf.Display} says is not what its hash says: one of the two was changed.");
            if (leaf.Bytes is null && !dropped.Contains(leaf.Index))
                yield return Wrong($"What {leaf.Display} said is gone, and no rule of retention has dropped it: somebody took it away.");
            if (leaf.Stored is { } stored && !names.TryAdd(stored.Id, leaf))
                yield return Wrong($"{Capital(leaf.Display)} has the name of {names[stored.Id].Display}: it was slipped in or repeated.");
            else if (leaf.Stored is { } named && log.Dropped.GetValueOrDefault(named.Id) is { } other && other.Index != leaf.Index)
                yield return Wrong($"{Capital(leaf.Display)} has the name of record {other.Index + 1}, which was dropped: it was slipped in.");
            if (leaf.Stored is { } odd && !AuditRecord.CanBeEnvironment(AuditRecord.EnvironmentOf(odd.Id)))
                yield return Wrong($"Record {leaf.Index + 1} is of an environment with a name that none can have: it was slipped in.");
            if (leaf.Stored is { Schema: > AuditRecord.CurrentSchema } newer)
                yield return Note($"{Capital(leaf.Display)} was written by a newer version of Fairlead (schema {newer.Schema}): only its hash is checked.");
        }
    }

    static IEnumerable<AuditFinding> Checkpoints(AuditSnapshot log, AuditEvidence evidence)
    {
        if (log.Checkpoints.IsEmpty)
        {
            if (!log.Leaves.IsEmpty)
                yield return Wrong("The log has no checkpoint at all: each command writes one, so somebody took them away.");
            yield break;
        }

        var roots = new PrefixRoots(log.Hashes);
        var origin = Checkpoint.OriginOf(evidence.Application);
        SignedCheckpoint? good = null;
        foreach (var (note, after) in log.Checkpoints)
        {
            var checkpoint = note.Checkpoint;
            if (checkpoint.Origin != origin)
                yield return Wrong($"A checkpoint is of the log '{checkpoint.Origin}', and not of '{origin}': it was brought here from elsewhere.");
            else if (checkpoint.Size != after)
                yield return Wrong($"A checkpoint says that the log had {Count(checkpoint.Size)} then, and {Count(after)} stand before it: {(after < checkpoint.Size ? "some were cut" : "some were slipped in")}.", Since(good));
            else if (checkpoint.Root != roots.Of(after))
                yield return Wrong($"The first {Count(after)} are not those that the checkpoint over them was made of: {Between(good, after)} was changed, swapped or replaced.", Since(good));
            else
                good = note;
            if (note.Signatures.Any(x => evidence.Keys.Any(key => x.IsOf(key) && !x.IsGood(key, checkpoint.Text))))
                yield return Wrong($"A signature under the checkpoint of {Count(checkpoint.Size)} is not what its key has signed: checkpoint or signature was changed.");
            if (!evidence.Keys.IsEmpty && note.Signatures.FirstOrDefault(x => !evidence.Keys.Any(x.IsOf)) is { } unknown)
                yield return Wrong($"The checkpoint of {Count(checkpoint.Size)} is signed by '{unknown.Name}', with a key that nobody trusts here: it was changed, or the key was taken away.", KeysStay);
        }

        var last = log.Checkpoints[^1];
        if (last.After < log.Leaves.Length)
            yield return Note($"{Count(log.Leaves.Length - last.After)} after the last checkpoint {(log.Leaves.Length - last.After == 1 ? "is" : "are")} under no checkpoint yet: a command was stopped before it made one. The next one does.");
        if (evidence.Keys.IsEmpty)
            yield return Note("No key is trusted here, so nobody's signature counts: whoever can write the log can write it anew.", "Make a key with './build.sh :keys', or keep checkpoints elsewhere (':audit checkpoint --to FILE').");
        else if (!evidence.MayEndUnsigned && last.Note.SignerAmong(evidence.Keys) is null)
            yield return Wrong($"The last checkpoint, over {Count(last.Note.Checkpoint.Size)}, is not signed by a key that is trusted here ({Names(evidence.Keys)}).", "If it was made where there is no key, look at the records since the last signed one and sign where there is one: ':audit checkpoint'.");
        if (!evidence.Keys.IsEmpty && Unsigned(log) is { } unsigned)
            yield return unsigned;
    }

    /// <summary>Who could write the log could also have written what nobody has signed at that time; null where everything was signed at once.</summary>
    static AuditFinding? Unsigned(AuditSnapshot log)
    {
        const int MostStretches = 10;
        List<(int First, int Last)> stretches = [];
        var before = 0;
        foreach (var (note, after) in log.Checkpoints)
        {
            if (note.Signatures.IsEmpty && after > before)
            {
                if (stretches is [.., var last] && last.Last == before)
                    stretches[^1] = (last.First, after);
                else
                    stretches.Add((before + 1, after));
            }

            before = Math.Max(before, after);
        }

        if (stretches.Count == 0)
            return null;
        var people = stretches.SelectMany(x => log.Leaves[(x.First - 1)..x.Last]).Select(x => x.Stored?.Record?.By).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var isOne = stretches is [var (first, end)] && first == end;
        var where = string.Join(", ", stretches.Take(MostStretches).Select(x => x.First == x.Last ? $"{x.First}" : $"{x.First} to {x.Last}")) + (stretches.Count > MostStretches ? $" and {stretches.Count - MostStretches} more stretches" : "");
        return Note($"{(isOne ? "Record" : "Records")} {where} {(isOne ? "was" : "were")} written without a key{(people.Count == 0 ? "" : $" by {string.Join(", ", people)}")}: no signature of that time vouches for {(isOne ? "it" : "them")}, only the journals do.");
    }

    static IEnumerable<AuditFinding> Journals(AuditSnapshot log, AuditEvidence evidence)
    {
        if (evidence.Journals is not { } journals)
            yield break;
        var known = new HashSet<string>(StringComparer.Ordinal) { AuditRecord.EnvironmentOf(AuditLog.RetentionId(0)) };
        var lives = AuditLives.Of(log);
        foreach (var journal in journals)
        {
            known.Add(journal.Environment);
            var last = 0;
            List<string> missing = [];
            var records = AuditProjection.Of(journal.Environment, journal.Entries);
            foreach (var record in records)
            {
                if (lives.Find(record.Id) is not { } found)
                {
                    missing.Add(record.Id);
                    continue;
                }

                last = Math.Max(last, found.Index);
                if (Differs(found, record, evidence.Cipher) is { } how)
                    yield return Wrong($"{Capital(found.Display)} {how}: the log or the journal of {journal.Environment} was changed.");
            }

            if (missing.Count > 0)
            {
                var what = $"{Count(missing.Count)} of the journal of {journal.Environment} {(missing.Count == 1 ? "is" : "are")} not in the log, the first is {missing[0]}";
                yield return journal.IsBusy
                    ? Note($"{what}: somebody works on {journal.Environment} just now, and the log follows when they are done.")
                    : Wrong($"{what}: they were cut from the log, or a command was killed before it wrote them.", $"The next command on {journal.Environment} writes what is missing; if no command was killed there, the log was cut.");
            }

            var ids = records.Select(x => x.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var (id, index) in lives.Latest(journal.Environment).Where(x => !ids.Contains(AuditLives.WithoutLife(x.Id))))
                yield return Wrong($"Record {index + 1} ({id}) is of nothing that the journal of {journal.Environment} has: it was slipped in, or the journal was cut.");
            foreach (var index in lives.Restarts(journal.Environment))
                yield return Wrong($"From record {index + 1} on the journal of {journal.Environment} is another one than before: it was moved away or replaced. What it said before is only in the log.", "If that was you, write down why, and keep this log: export a checkpoint and begin a new one by moving the directory of the log away.");
        }

        foreach (var leaf in log.Leaves.Where(x => x.Stored is not null && !known.Contains(AuditRecord.EnvironmentOf(x.Stored.Id))).DistinctBy(x => AuditRecord.EnvironmentOf(x.Stored!.Id), StringComparer.Ordinal))
            yield return Wrong($"{Capital(leaf.Display)} and maybe others are of an environment that has no journal here: they were slipped in, or its journal is gone.");
    }

    static IEnumerable<AuditFinding> Kept(AuditSnapshot log, AuditEvidence evidence)
    {
        var roots = new PrefixRoots(log.Hashes);
        SignedCheckpoint? good = null;
        foreach (var note in evidence.Kept.OrderBy(x => x.Checkpoint.Size))
        {
            if (Parting(log, roots, evidence, note, $"The kept checkpoint over {Count(note.Checkpoint.Size)}", good) is { } finding)
                yield return finding;
            else
                good = note;
        }
    }

    static IEnumerable<AuditFinding> Remembered(AuditSnapshot log, AuditEvidence evidence)
    {
        if (evidence.Remembered is not { } remembered)
            yield break;
        var remedy = $"If the log was begun anew on purpose, write down why and move '{remembered.Where}' away with the old one.";
        if (SignedCheckpoint.Parse(remembered.Text) is not { } note)
            yield return Wrong($"'{remembered.Where}', where this machine remembers the last signed checkpoint, holds none: it was changed.", remedy);
        else if (Parting(log, new PrefixRoots(log.Hashes), evidence, note, $"The signed checkpoint over {Count(note.Checkpoint.Size)} that this machine remembers", null) is { } finding)
            yield return finding with { Remedy = remedy };
        else if (log.LastSigned is null)
            yield return Wrong("The log once had signed checkpoints, which this machine remembers, and has none any more: somebody without the key has written it anew.", remedy);
    }

    /// <summary>In which way a log has not grown out of a checkpoint; null when it has.</summary>
    static AuditFinding? Parting(AuditSnapshot log, PrefixRoots roots, AuditEvidence evidence, SignedCheckpoint note, string what, SignedCheckpoint? good)
    {
        var checkpoint = note.Checkpoint;
        if (checkpoint.Origin != Checkpoint.OriginOf(evidence.Application))
            return Wrong($"{what} is of the log '{checkpoint.Origin}', and not of this one.", "Take one that was made here.");
        if (note.SignerAmong(evidence.Keys) is null && !evidence.Keys.IsEmpty)
            return Wrong($"{what} is not signed by a key that is trusted here ({Names(evidence.Keys)}).");
        if (checkpoint.Size > log.Leaves.Length)
            return Wrong($"{what} knows of {Count(checkpoint.Size - log.Leaves.Length)} more than there are: the log was cut after record {log.Leaves.Length}, or replaced by a shorter one.");
        return roots.Of((int)checkpoint.Size) == checkpoint.Root
            ? null
            : Wrong($"The log is not the one of {Lower(what)}: the two part at {Between(good, (int)checkpoint.Size)}.", "Whoever can write the log has written it anew from there on; compare with a copy of the log, if there is one.");
    }

    /// <summary>In which way a record is not what the journal gives; null when it is, or when that cannot be known. Its sentence is as it was written, whatever it would be today.</summary>
    static string? Differs(AuditLives.Found found, AuditRecord expected, AuditCipher? cipher)
    {
        expected = expected with { Id = found.Id };
        if (found.Leaf.Stored is { } stored)
        {
            if (stored.Kind != expected.Kind || stored.At != expected.At)
                return "has another kind or time than the journal says";
            // Of another schema only what all schemas have can be compared.
            return stored.Schema != AuditRecord.CurrentSchema || AuditText.Open(stored, cipher) is not { } record || AuditText.Fields(record).AsSpan().SequenceEqual(AuditText.Fields(expected))
                ? null
                : "does not say what the journal says";
        }

        if (found.Dropped is not { } dropped)
            return null;
        if (dropped.Kind != expected.Kind || dropped.At != expected.At)
            return "had another kind or time than the journal says";
        return dropped.Fields is null || dropped.Fields == AuditText.FieldsHash(expected) ? null : "did not say what the journal says";
    }

    static AuditFinding Wrong(string message, string? remedy = null) => new(IsWrong: true, message, remedy);

    static AuditFinding Note(string message, string? remedy = null) => new(IsWrong: false, message, remedy);

    static string Since(SignedCheckpoint? good) => good is null ? "No checkpoint before it is right." : $"The first {Count(good.Checkpoint.Size)} are as they were.";

    static string Between(SignedCheckpoint? good, int size) => (good?.Checkpoint.Size ?? 0) + 1 is var first && first == size ? $"record {size}" : $"one of the records {first} to {size}";

    static string Count(long number) => number == 1 ? "1 record" : $"{number} records";

    static string Names(ImmutableArray<VerificationKey> keys) => string.Join(", ", keys.Select(x => x.Name));

    static string Capital(string text) => string.Concat(text[..1].ToUpperInvariant(), text.AsSpan(1));

    static string Lower(string text) => string.Concat(text[..1].ToLowerInvariant(), text.AsSpan(1));

    /// <summary>Roots of the first records. Checkpoints come in rising sizes, so each leaf is hashed in once: the roots of whole subtrees are kept.</summary>
    sealed class PrefixRoots(byte[][] leaves)
    {
        // A subtree for each bit of the number of leaves so far, the largest first.
        readonly List<(int Size, byte[] Hash)> _subtrees = [];
        int _size;

        public string Of(int size)
        {
            if (size < _size)
            {
                _subtrees.Clear();
                _size = 0;
            }

            for (; _size < size; _size++)
            {
                var (grown, hash) = (1, leaves[_size]);
                for (; _subtrees.Count > 0 && _subtrees[^1].Size == grown; grown *= 2)
                {
                    hash = MerkleTree.NodeHash(_subtrees[^1].Hash, hash);
                    _subtrees.RemoveAt(_subtrees.Count - 1);
                }

                _subtrees.Add((grown, hash));
            }

            if (size == 0)
                return Convert.ToBase64String(MerkleTree.Root([]));
            var root = _subtrees[^1].Hash;
            for (var i = _subtrees.Count - 2; i >= 0; i--)
                root = MerkleTree.NodeHash(_subtrees[i].Hash, root);
            return Convert.ToBase64String(root);
        }
    }
}
