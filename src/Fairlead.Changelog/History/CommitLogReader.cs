using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>Reads commits from <c>git log</c>. Bytes that are no UTF-8 become replacement characters.</summary>
sealed class CommitLogReader
{
    /// <summary>Seven fields, each ended with NUL. A message cannot hold one: git ends it there.</summary>
    const string Format = "tformat:%H%x00%P%x00%ct%x00%at%x00%aN%x00%aE%x00%B";

    const int Fields = 7;

    readonly List<HistoryCommit> _commits = [];
    readonly Dictionary<(string, string), Author> _authors = [];

    /// <inheritdoc cref="GitLog.ReadAsync"/>
    public static async Task<CommitLog> ReadAsync(IProcessRunner processes, AbsolutePath root, IEnumerable<string> revisions, CancellationToken cancellationToken)
    {
        var reader = new CommitLogReader();
        await GitLog.ReadAsync(processes, root, [$"--format={Format}"], revisions, new NulRecords(Fields, reader.Take), cancellationToken: cancellationToken);
        return new CommitLog(reader._commits);
    }

    void Take(ReadOnlySpan<byte> bytes, ReadOnlySpan<Range> fields)
    {
        var (name, email) = (Text(bytes[fields[4]]), Text(bytes[fields[5]]));
        if (!_authors.TryGetValue((name, email), out var author))
            _authors[(name, email)] = author = new Author(name, email);
        _commits.Add(new HistoryCommit(
            Text(bytes[fields[0]]), Ids(bytes[fields[1]]), Time(bytes[fields[2]]), author, Time(bytes[fields[3]]), Text(bytes[fields[6]].TrimEnd((byte)'\n'))));
    }

    static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    static ImmutableArray<string> Ids(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? [] : bytes.Contains((byte)' ') ? [.. Text(bytes).Split(' ')] : [Text(bytes)];

    // A hand-made commit can have any number as its time; what no calendar has becomes the epoch.
    static DateTimeOffset Time(ReadOnlySpan<byte> bytes) =>
        Utf8Parser.TryParse(bytes, out long seconds, out _) && seconds is > -62_135_596_800 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch;
}
