namespace Fairlead.Versioning;

/// <summary>Whose version is wanted; by default that of what is checked out.</summary>
public sealed record VersionRequest
{
    /// <summary>Full id of another commit of the branch than its tip.</summary>
    public string? CommitId { get; init; }

    /// <summary>Another branch than the one checked out, by short or full name: for servers that check out a detached head.</summary>
    public string? TargetBranch { get; init; }

    /// <summary>On a detached head, whether only branches with an upstream are asked which of them holds the commit.</summary>
    public bool OnlyTrackedBranches { get; init; }

    /// <summary>
    /// For a part of a repository: the commits that change it. All others neither raise its version nor count in its distance; tags count wherever they are.
    /// Null: all commits count.
    /// </summary>
    public IReadOnlySet<int>? Touching { get; init; }

    /// <summary>Looks up environment variables, which labels and formats may name (<c>{env:NAME}</c>); null when one is not set. By default none is set.</summary>
    public Func<string, string?>? EnvironmentVariable { get; init; }
}
