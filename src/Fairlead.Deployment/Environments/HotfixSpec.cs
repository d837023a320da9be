using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>The short path of an environment: for releases of hotfix branches. They are still signed, approved, checked and journalled.</summary>
public sealed record HotfixSpec
{
    /// <summary>The branches whose releases go this way. By default <c>hotfix/*</c>.</summary>
    public ImmutableArray<string> Branches { get; init; } = ["hotfix/*"];

    /// <summary>Further lists of branches that must name the branch, too: those of the protected policy.</summary>
    public ImmutableArray<ImmutableArray<string>> AlsoBranches { get; init; } = [];

    /// <summary>The rules that are left out: <c>verified</c>, <c>window</c>, <c>branch</c>, or a kind of verdict. Empty: none, so that there is no short path.</summary>
    public ImmutableArray<string> Skip { get; init; } = [];

    /// <summary>The branches that a hotfix is merged back into. By default <c>main</c> and <c>develop</c>, as far as they exist.</summary>
    public ImmutableArray<string> MergeInto { get; init; } = ["main", "develop"];

    /// <summary>Whether a release of a branch goes this way.</summary>
    public bool IsFor(string? branch) => branch is not null && AlsoBranches.Prepend(Branches).All(x => x.Any(pattern => BranchPattern.Matches(pattern, branch)));
}
