namespace Fairlead.Versioning;

/// <summary>Which commits do not count: the key <c>ignore</c> in GitVersion.yml, and for a part of a repository the commits that do not touch it.</summary>
sealed class IgnoredCommits
{
    readonly CommitGraph _graph;
    readonly IgnoreConfiguration _ignore;
    readonly UserPattern[] _paths;
    readonly long? _before;
    readonly Dictionary<string, bool> _pathAnswers = new(StringComparer.Ordinal);
    readonly sbyte[] _answers;
    readonly IReadOnlySet<int>? _touching;

    public IgnoredCommits(CommitGraph graph, IgnoreConfiguration ignore, IReadOnlySet<int>? touching)
    {
        (_graph, _ignore, _touching) = (graph, ignore, touching);
        _paths = [.. ignore.Paths.Select(x => new UserPattern("ignore.paths", x))];
        // Commits at this very second count, as those after it do; a fraction of a second cannot be told from the next.
        _before = ignore.Before is { } time ? (long)Math.Ceiling((time - DateTimeOffset.UnixEpoch).TotalSeconds) : null;
        _answers = ignore.IsEmpty ? [] : new sbyte[graph.Count];
    }

    /// <summary>Whether <c>ignore</c> names no commit at all.</summary>
    public bool IsEmpty => _ignore.IsEmpty;

    /// <summary>Whether <c>ignore</c> leaves a commit out: it does not exist for tags, messages and distances.</summary>
    public bool Contains(int commit)
    {
        if (_ignore.IsEmpty)
            return false;
        ref var answer = ref _answers[commit];
        if (answer == 0)
            answer = (sbyte)(IsIgnored(commit) ? 1 : -1);
        return answer > 0;
    }

    /// <summary>Whether a commit is left out of messages and distances. Tags of a part of a repository may be on commits that do not touch it.</summary>
    public bool LeavesOut(int commit) => Contains(commit) || _touching?.Contains(commit) == false;

    bool IsIgnored(int commit)
    {
        if (_graph.TimeOf(commit) < _before)
            return true;
        if (!_ignore.Commits.IsEmpty)
        {
            var id = _graph.IdOf(commit);
            if (_ignore.Commits.Any(x => id.StartsWith(x, StringComparison.OrdinalIgnoreCase)))
                return true;
        }

        return _paths.Length > 0 && _graph.Contents.PathsOf(commit).All(IsIgnoredPath);
    }

    bool IsIgnoredPath(string path)
    {
        if (!_pathAnswers.TryGetValue(path, out var answer))
            _pathAnswers[path] = answer = _paths.Any(x => x.IsMatch(path));
        return answer;
    }
}
