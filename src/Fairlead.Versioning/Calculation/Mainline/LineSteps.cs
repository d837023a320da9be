namespace Fairlead.Versioning;

/// <summary>What the last commits did, for the explanation.</summary>
sealed class LineSteps
{
    const int Kept = 50;
    readonly Queue<(LineCommit Commit, VersionPart? Raised, LabelledVersion Version)> _last = new();

    /// <param name="commit">The commit.</param>
    /// <param name="raised">What it raised; null when it has a tag, which decides.</param>
    /// <param name="version">The version that it led to.</param>
    public void Add(LineCommit commit, VersionPart? raised, LabelledVersion version)
    {
        if (_last.Count == Kept)
            _last.Dequeue();
        _last.Enqueue((commit, raised, version));
    }

    /// <summary>One line each, oldest first.</summary>
    public IReadOnlyList<string> Tell(CommitGraph graph) =>
    [
        .. _last.Select(x => $"{(x.Commit.Value is { } value ? graph.IdOf(value)[..7] : "(start)")} on '{x.Commit.Branch}': "
            + (x.Raised is { } part ? $"{part} → {x.Version}" : $"tag {x.Version}")),
    ];
}
