using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>The part of GitVersion.yml that is about branches: which settings belong to a name.</summary>
sealed class ConfiguredBranches
{
    const string UnknownKey = "unknown";
    readonly Entry[] _entries;
    readonly Dictionary<string, Entry> _byKey;
    readonly Dictionary<string, Entry> _byName = new(StringComparer.Ordinal);
    readonly Dictionary<string, UserPattern> _patterns = new(StringComparer.Ordinal);

    public ConfiguredBranches(VersioningConfiguration configuration)
    {
        Root = new SettingsLevel(null, null, configuration.Defaults);
        RootSettings = new BranchSettings([Root]);
        _entries = [.. configuration.Branches.OrderBy(x => x.Key == UnknownKey).Select(x => new Entry(x.Key, x.Value, PatternOf(x.Value.Pattern, x.Key)))];
        _byKey = _entries.ToDictionary(x => x.Key!, StringComparer.Ordinal);
    }

    /// <summary>The branch keys at the root of the file.</summary>
    public SettingsLevel Root { get; }

    /// <summary>Those alone.</summary>
    public BranchSettings RootSettings { get; }

    /// <summary>The settings for a branch: those of the first key whose pattern matches.</summary>
    public SettingsLevel LevelOf(BranchName name) => new(EntryOf(name).Key, name.Friendly, EntryOf(name).Settings);

    /// <summary>The same, followed by those of the root.</summary>
    public BranchSettings SettingsOf(BranchName name) => new([LevelOf(name), Root]);

    /// <summary>The key whose settings a branch has; null when no pattern matches.</summary>
    public string? KeyOf(BranchName name) => EntryOf(name).Key;

    public bool IsRelease(BranchName name) => EntryOf(name).Settings.IsReleaseBranch ?? false;

    public bool IsMain(BranchName name) => EntryOf(name).Settings.IsMainBranch ?? false;

    /// <summary>The patterns of the branches that branches with the settings of a name are made from.</summary>
    public ImmutableArray<UserPattern> SourcePatternsOf(BranchName name) =>
    [
        .. (EntryOf(name).Settings.SourceBranches ?? []).Distinct(StringComparer.Ordinal)
            .Select(x => _byKey.GetValueOrDefault(x)?.Pattern).OfType<UserPattern>(),
    ];

    /// <summary>A pattern of a branch, made once. Null when there is none, which matches nothing.</summary>
    public UserPattern? PatternOf(string? pattern, string? key)
    {
        if (string.IsNullOrWhiteSpace(pattern))
            return null;
        if (!_patterns.TryGetValue(pattern, out var made))
            _patterns[pattern] = made = new UserPattern(key is null ? "regex" : $"branches.{key}.regex", pattern);
        return made;
    }

    Entry EntryOf(BranchName name)
    {
        if (_byName.TryGetValue(name.Short, out var known))
            return known;
        var entry = Array.Find(_entries, x => x.Pattern?.IsMatch(name.Short) == true) ?? Entry.Nothing;
        _byName[name.Short] = entry;
        return entry;
    }

    sealed record Entry(string? Key, BranchConfiguration Settings, UserPattern? Pattern)
    {
        /// <summary>For a name that no pattern matches.</summary>
        public static Entry Nothing { get; } =
            new(null, new BranchConfiguration { Pattern = "", Label = "{BranchName}", Increment = IncrementStrategy.Inherit }, null);
    }
}
