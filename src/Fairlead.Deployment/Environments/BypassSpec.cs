using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Whose consent is needed when rules are bypassed, also where a deployment needs none otherwise.</summary>
public sealed record BypassSpec
{
    /// <summary>Names of people or groups whose consent counts. Empty: anybody's whose key is known.</summary>
    public ImmutableArray<string> Approvers { get; init; } = [];

    /// <summary>How many of them must consent. By default 1.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>The members of each group, of the file that names the groups here.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Groups { get; init; } = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>Whom names of people and groups stand for: principals, each once.</summary>
    public ImmutableArray<string> Expand(ImmutableArray<string> names) => new ApprovalSpec { Groups = Groups }.Expand(names);
}
