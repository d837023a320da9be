namespace Fairlead.Versioning;

/// <summary>
/// What else in a commit message raises a version, beside the <c>+semver:</c> patterns (<c>commit-message-convention</c> in
/// GitVersion.yml: a key of Fairlead's, which GitVersion itself does not read).
/// </summary>
public enum CommitMessageConvention
{
    /// <summary>Nothing: the patterns alone.</summary>
    None,

    /// <summary>
    /// Conventional Commits 1.0.0: a breaking change raises the major number (the minor one below 1.0.0), <c>feat</c> the minor, <c>fix</c> the patch number.
    /// A pattern that matches in the same message has precedence.
    /// </summary>
    ConventionalCommits,
}
