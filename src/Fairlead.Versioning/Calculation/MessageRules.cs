
namespace Fairlead.Versioning;

/// <summary>
/// What a commit message raises: GitVersion's patterns (reference/version-increments, "Commit messages"), of which the one for no raise goes first and
/// then the largest, and after them the convention.
/// </summary>
sealed class MessageRules
{
    const string Mark = "+semver:";
    readonly (Raise Raise, UserPattern Pattern)[] _patterns;
    readonly bool _allHaveMark;
    readonly CommitMessageConvention _convention;

    public MessageRules(VersioningConfiguration configuration)
    {
        _convention = configuration.CommitMessageConvention;
        (string Key, Raise Raise, string? Own, string Words)[] rules =
        [
            ("no-bump-message", Raise.None, configuration.NoBumpMessage, "none|skip"),
            ("major-version-bump-message", Raise.Major, configuration.MajorBumpMessage, "breaking|major"),
            ("minor-version-bump-message", Raise.Minor, configuration.MinorBumpMessage, "feature|minor"),
            ("patch-version-bump-message", Raise.Patch, configuration.PatchBumpMessage, "fix|patch"),
        ];
        _patterns = [.. rules.Select(x => (x.Raise, new UserPattern(x.Key, x.Own ?? Usual(x.Words))))];
        _allHaveMark = rules.All(x => x.Own is null || x.Own == Usual(x.Words));
        Key = string.Join('\n', [.. rules.Select(x => x.Own ?? Usual(x.Words)), _convention.ToString()]);

        static string Usual(string words) => $@"\+semver:\s?({words})";
    }

    /// <summary>Names these rules: equal for equal rules.</summary>
    public string Key { get; }

    /// <summary>What a message raises, and the words that say so; null when it says nothing.</summary>
    public (Raise Raise, string Text)? Read(string message)
    {
        if (!_allHaveMark || message.Contains(Mark, StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (raise, pattern) in _patterns)
            {
                var match = pattern.Match(message);
                if (match.Success)
                    return (raise, match.Value.Trim());
            }
        }

        return _convention == CommitMessageConvention.ConventionalCommits ? ReadConvention(message) : null;
    }

    static (Raise, string)? ReadConvention(string message)
    {
        var commit = ConventionalCommit.Parse(message);
        if (commit.IsBreaking)
            return (Raise.Breaking, commit.HasBreakingMark ? $"{commit.Type}!" : "BREAKING CHANGE");
        return commit.Type switch
        {
            "feat" => (Raise.Minor, "feat"),
            "fix" => (Raise.Patch, "fix"),
            _ => null,
        };
    }
}
