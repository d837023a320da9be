using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// What was done to an environment while its store was out of reach, until the journal gets it: files <c>pending-&lt;n&gt;.jsonl</c> beside the
/// artifacts, where n is the number of entries that the journal was known to have. Used under the environment's lock on this machine.
/// </summary>
sealed class PendingEntries(AbsolutePath directory)
{
    /// <summary>What is kept, by the number of entries that the journal had, each in its own order.</summary>
    public ImmutableSortedDictionary<int, ImmutableArray<JournalEntry>> Read() => directory.GetFiles("pending-*.jsonl")
        .ToImmutableSortedDictionary(
            x => int.Parse(x.NameWithoutExtension["pending-".Length..], CultureInfo.InvariantCulture),
            x => JournalText.Read(File.ReadAllBytes(x), x).Entries);

    /// <summary>Keeps an entry, flushed to the disk.</summary>
    public void Add(int known, JournalEntry entry)
    {
        var isNew = !FileOf(known).FileExists();
        using (var file = FileDeploymentLock.OpenJournal(FileOf(known)))
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var (entries, length) = JournalText.Read(bytes, FileOf(known));
            file.SetLength(length);
            file.Position = length;
            file.Write(JournalText.Line(entry with { Sequence = entries.Length + 1 }));
            file.Flush(flushToDisk: true);
        }

        if (isNew)
            AtomicFile.FlushDirectory(directory);
    }

    /// <summary>The journal has got them all.</summary>
    public void Clear()
    {
        foreach (var file in directory.GetFiles("pending-*.jsonl"))
            file.DeleteFile();
    }

    AbsolutePath FileOf(int known) => directory / string.Create(CultureInfo.InvariantCulture, $"pending-{known}.jsonl");
}
