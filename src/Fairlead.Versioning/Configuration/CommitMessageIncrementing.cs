namespace Fairlead.Versioning;

/// <summary>Which commit messages may raise a version (<c>commit-message-incrementing</c> in GitVersion.yml).</summary>
public enum CommitMessageIncrementing
{
    /// <summary>All.</summary>
    Enabled,

    /// <summary>None.</summary>
    Disabled,

    /// <summary>Those of merge commits.</summary>
    MergeMessageOnly,
}
