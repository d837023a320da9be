using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>A commit on a line, as the Mainline strategy sees it: with the branch that it was made on.</summary>
sealed class LineCommit(Line line, int? value, BranchName branch, SettingsLevel level)
{
    BranchSettings? _settings;
    ImmutableArray<SettingsLevel>? _inherited;

    /// <summary>The commit; for a mark, which tells that another branch begins, the commit after it, if there is one.</summary>
    public int? Value => value ?? Newer?.Value;

    /// <summary>Whether this is only a mark.</summary>
    public bool IsMark => value is null;

    public BranchName Branch { get; } = branch;

    public SettingsLevel Level { get; } = level;

    /// <summary>The next commit on the line; null for its tip.</summary>
    public LineCommit? Newer { get; set; }

    /// <summary>The commit before it on the line; null for its first.</summary>
    public LineCommit? Older { get; set; }

    /// <summary>The line that was merged here.</summary>
    public Line? Merged { get; set; }

    /// <summary>The versions of the tags on the commit.</summary>
    public HashSet<LabelledVersion> Versions { get; } = [];

    /// <summary>The settings of its branch; what is inherited comes from the commits before it, then from the line that this one was merged into, then from the root.</summary>
    public BranchSettings SettingsWith(BranchSettings root)
    {
        if (_settings is not null)
            return _settings;
        if (Older is not null && ReferenceEquals(Older.Level.Settings, Level.Settings))
            return _settings = Older.SettingsWith(root);
        var settings = new BranchSettings(Inherited);
        if (settings.Increment == IncrementStrategy.Inherit && line.MergedAt is { } parent)
            settings = settings.Inherit(parent.SettingsWith(root));
        return _settings = settings.Inherit(root);
    }

    ImmutableArray<SettingsLevel> Inherited => _inherited ??=
        Level.Increment != IncrementStrategy.Inherit || Older is null ? [Level]
        : ReferenceEquals(Older.Level.Settings, Level.Settings) ? Older.Inherited
        : [.. Older.Inherited.Where(x => !ReferenceEquals(x.Settings, Level.Settings)).Prepend(Level)];

    /// <summary>Works the settings out from the oldest commit of a line on, so that none waits for a long chain of others.</summary>
    public static void Prepare(IEnumerable<LineCommit> oldestFirst, BranchSettings root)
    {
        foreach (var commit in oldestFirst)
        {
            _ = commit.Inherited;
            commit.SettingsWith(root);
        }
    }
}
