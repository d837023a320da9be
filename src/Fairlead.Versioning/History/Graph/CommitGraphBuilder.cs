using System.Buffers.Text;

namespace Fairlead.Versioning;

/// <summary>
/// Puts a graph together: what git's own file has, and what <c>git rev-list --parents --timestamp</c> prints of the commits that are not in it.
/// </summary>
/// <param name="file">Git's file, or null.</param>
/// <param name="idLength">Bytes of an id.</param>
sealed class CommitGraphBuilder(CommitGraphFile? file, int idLength)
{
    // The last second of the year 9999: what lies behind cannot be shown as a date.
    const ulong LatestTime = 253_402_300_799;

    readonly int _inFile = file?.Count ?? 0;
    readonly ObjectIds _others = new(idLength);
    readonly List<(long Time, int FirstParent, int Parents)> _lines = [];
    readonly List<int> _parentsOfOthers = [];
    readonly List<byte> _rest = [];
    readonly byte[] _id = new byte[idLength];
    int? _commitOfMessage;

    /// <summary>The commits of the file that no other commit of the file has as parent: with them everything in the file can be left out of a walk.</summary>
    public IEnumerable<string> HeadsOfFile()
    {
        if (file is null)
            return [];
        var hasChild = new bool[file.Count];
        List<int> parents = [];
        for (var i = 0; i < file.Count; i++)
            file.AddParentsTo(i, parents);
        foreach (var parent in parents)
            hasChild[parent] = true;
        return Enumerable.Range(0, file.Count).Where(x => !hasChild[x]).Select(x => Convert.ToHexStringLower(file.IdOf(x)));
    }

    /// <summary>Whether the file has the commit of an id.</summary>
    public bool IsInFile(string id) => TryRead(id, _id) && file?.Find(_id) is not null;

    /// <summary>Takes a part of what rev-list prints: lines of a time, an id and the ids of its parents.</summary>
    public void Add(ReadOnlySpan<byte> output)
    {
        while (output.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (_rest.Count > 0)
            {
                _rest.AddRange(output[..end]);
                AddLine(_rest.ToArray());
                _rest.Clear();
            }
            else
            {
                AddLine(output[..end]);
            }

            output = output[(end + 1)..];
        }

        _rest.AddRange(output);
    }

    /// <summary>Takes a part of what <c>git log -z --format=tformat:%ct %H %P%x00%B</c> prints: the same line, a NUL, the message, a NUL.</summary>
    /// <param name="output">The part.</param>
    /// <param name="messages">Where the messages go.</param>
    public void AddWithMessages(ReadOnlySpan<byte> output, MessageStore messages)
    {
        while (output.IndexOf((byte)0) is var end and >= 0)
        {
            var part = output[..end];
            if (_rest.Count > 0)
            {
                _rest.AddRange(part);
                AddPart(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rest), messages);
                _rest.Clear();
            }
            else
            {
                AddPart(part, messages);
            }

            output = output[(end + 1)..];
        }

        _rest.AddRange(output);
    }

    void AddPart(ReadOnlySpan<byte> part, MessageStore messages)
    {
        if (_commitOfMessage is { } commit)
            messages.Add(commit, part);
        _commitOfMessage = _commitOfMessage is null ? AddLine(part) : null;
    }

    /// <summary>The graph.</summary>
    /// <param name="contents">Makes that which reads messages, given the id of a commit.</param>
    public CommitGraph Build(Func<Func<int, string>, ICommitContents> contents)
    {
        var count = _inFile + _others.Count;
        var first = new int[count + 1];
        var times = new long[count];
        List<int> parents = new(count + (count / 4));
        for (var i = 0; i < _inFile; i++)
        {
            times[i] = file!.TimeOf(i);
            file.AddParentsTo(i, parents);
            first[i + 1] = parents.Count;
        }

        for (var i = 0; i < _others.Count; i++)
        {
            var line = _lines[i];
            times[_inFile + i] = line.Time;
            for (var k = 0; k < line.Parents; k++)
                parents.Add(_parentsOfOthers[line.FirstParent + k]);
            first[_inFile + i + 1] = parents.Count;
        }

        return new CommitGraph(first, [.. parents], times, IdOf, Find, contents(IdOf));
    }

    string IdOf(int commit) => Convert.ToHexStringLower(commit < _inFile ? file!.IdOf(commit) : _others[commit - _inFile]);

    int? Find(string id)
    {
        Span<byte> bytes = stackalloc byte[idLength];
        return TryRead(id, bytes) ? file?.Find(bytes) ?? _inFile + _others.Find(bytes) : null;
    }

    /// <returns>The commit; null for what is no line of a commit.</returns>
    int? AddLine(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out ulong time, out var digits))
            return null;
        line = line[(digits + 1)..];
        var commit = Next(ref line) - _inFile;
        var firstParent = _parentsOfOthers.Count;
        while (!line.IsEmpty)
            _parentsOfOthers.Add(Next(ref line));
        if (commit >= 0)
            _lines[commit] = ((long)Math.Min(time, LatestTime), firstParent, _parentsOfOthers.Count - firstParent);
        return _inFile + commit;
    }

    int Next(ref ReadOnlySpan<byte> line)
    {
        Convert.FromHexString(line[..(idLength * 2)], _id, out _, out _);
        line = line[(idLength * 2)..].TrimStart((byte)' ');
        if (file?.Find(_id) is { } position)
            return position;
        var commit = _others.Add(_id);
        if (_lines.Count <= commit)
            _lines.Add(default);
        return _inFile + commit;
    }

    bool TryRead(string id, Span<byte> bytes) =>
        id.Length == idLength * 2 && Convert.FromHexString(id, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
}
