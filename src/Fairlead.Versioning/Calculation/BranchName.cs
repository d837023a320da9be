namespace Fairlead.Versioning;

/// <summary>The name of a branch, of which GitVersion.yml's patterns see the short form without <c>origin/</c>.</summary>
sealed record BranchName
{
    const string LocalPrefix = "refs/heads/";
    const string RemotePrefix = "refs/remotes/";
    const string TagPrefix = "refs/tags/";
    const string OriginPrefix = "origin/";
    static readonly string[] PullRequestPrefixes = ["refs/pull/", "refs/pull-requests/", "refs/remotes/pull/", "refs/remotes/pull-requests/"];

    /// <param name="canonical">The whole name (<c>refs/heads/main</c>).</param>
    public BranchName(string canonical)
    {
        Canonical = canonical;
        Friendly = Cut(LocalPrefix) ?? Cut(RemotePrefix) ?? Cut(TagPrefix) ?? canonical;
        Short = IsRemote && !IsPullRequest && Friendly.StartsWith(OriginPrefix, StringComparison.Ordinal) ? Friendly[OriginPrefix.Length..] : Friendly;

        string? Cut(string prefix) => canonical.StartsWith(prefix, StringComparison.Ordinal) ? canonical[prefix.Length..] : null;
    }

    /// <summary>What GitVersion calls a checked-out commit that it finds no branch for.</summary>
    public static BranchName Detached { get; } = new("(no branch)");

    public string Canonical { get; }

    /// <summary><c>main</c>, <c>origin/main</c>.</summary>
    public string Friendly { get; }

    /// <summary><c>main</c> for both.</summary>
    public string Short { get; }

    public bool IsLocal => Canonical.StartsWith(LocalPrefix, StringComparison.Ordinal);

    public bool IsRemote => Canonical.StartsWith(RemotePrefix, StringComparison.Ordinal);

    bool IsPullRequest => PullRequestPrefixes.Any(x => Canonical.StartsWith(x, StringComparison.Ordinal));

    /// <summary>The branch that a person or a merge message means: whole names as they are, everything else a local branch.</summary>
    public static BranchName Meant(string name)
    {
        var whole = new BranchName(name);
        return whole.IsLocal || whole.IsRemote || whole.IsPullRequest || name.StartsWith(TagPrefix, StringComparison.Ordinal) ? whole : new BranchName(LocalPrefix + name);
    }

    /// <summary>A remote branch by the name that <c>git branch -r</c> shows.</summary>
    public static BranchName Remote(string name) => new(name.StartsWith(RemotePrefix, StringComparison.Ordinal) ? name : RemotePrefix + name);

    /// <summary>A local branch with the short name of a server's own reference for a pull request: <c>refs/pull/5/merge</c> becomes <c>pull/5/merge</c>.</summary>
    public BranchName AsLocalBranch() => IsPullRequest && !IsRemote ? new BranchName(LocalPrefix + Canonical["refs/".Length..]) : this;

    /// <summary>Whether a text is one of the three forms of this name, in whichever case.</summary>
    public bool IsCalled(string name) =>
        string.Equals(Canonical, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(Friendly, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(Short, name, StringComparison.OrdinalIgnoreCase);

    public bool Equals(BranchName? other) => other is not null && Canonical == other.Canonical;

    public override int GetHashCode() => Canonical.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Friendly;
}
