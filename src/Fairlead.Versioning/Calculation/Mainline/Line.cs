namespace Fairlead.Versioning;

/// <summary>A line of development that the Mainline strategy follows: the branch itself, or one that was merged into another line.</summary>
sealed class Line(BranchName name, SettingsLevel level, LineCommit? mergedAt = null)
{
    readonly List<LineCommit> _newestFirst = [];

    public BranchName Name { get; } = name;

    public SettingsLevel Level { get; } = level;

    /// <summary>The merge on another line that this one ended in; null for the branch itself.</summary>
    public LineCommit? MergedAt { get; } = mergedAt;

    public bool IsEmpty => _newestFirst.Count == 0;

    public IEnumerable<LineCommit> OldestFirst => Enumerable.Reverse(_newestFirst);

    /// <summary>Adds the commit before those that there are.</summary>
    public LineCommit AddOlder(int? value, BranchName branch, SettingsLevel branchLevel)
    {
        var commit = new LineCommit(this, value, branch, branchLevel);
        if (_newestFirst.Count > 0)
        {
            commit.Newer = _newestFirst[^1];
            commit.Newer.Older = commit;
        }

        _newestFirst.Add(commit);
        return commit;
    }

    /// <summary>The settings of the line; what is inherited comes from its first commit.</summary>
    public BranchSettings SettingsWith(BranchSettings root)
    {
        var own = new BranchSettings([Level]);
        return own.Increment != IncrementStrategy.Inherit || IsEmpty ? own.Inherit(root) : own.Inherit(_newestFirst[^1].SettingsWith(root));
    }
}
