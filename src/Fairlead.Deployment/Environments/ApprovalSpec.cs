using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Whose consent a deployment needs.</summary>
public sealed record ApprovalSpec
{
    /// <summary>Whether consent is needed at all. By default not.</summary>
    public bool Required { get; init; }

    /// <summary>Names of people or groups whose consent counts. Empty: anybody's.</summary>
    public ImmutableArray<string> Approvers { get; init; } = [];

    /// <summary>How many must consent. By default 1.</summary>
    public int Minimum { get; init; } = 1;
}
