using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Whose consent is needed.</summary>
public sealed record ApprovalSpec
{
    /// <summary>Where the keys are by default, relative to the root of the repository.</summary>
    public const string DefaultSigners = ".nuke/allowed_signers";

    /// <summary>Where the keys that count no longer are by default, relative to the root of the repository.</summary>
    public const string DefaultRevoked = ".nuke/revoked_signers";

    /// <summary>Whether consent is needed at all. By default not.</summary>
    public bool Required { get; init; }

    /// <summary>Names of people or groups whose consent counts. Empty: anybody's whose key is known.</summary>
    public ImmutableArray<string> Approvers { get; init; } = [];

    /// <summary>How many must consent. By default 1.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>Names of people or groups who may stand in alone in an emergency, for themselves too. By default nobody.</summary>
    public ImmutableArray<string> BreakGlass { get; init; } = [];

    /// <summary>Within which time somebody else must countersign what they did. By default 24 hours.</summary>
    public TimeSpan CountersignWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The file of the keys, in the form of <c>ssh-keygen</c>'s ALLOWED SIGNERS, relative to the root of the repository.</summary>
    public string Signers { get; init; } = DefaultSigners;

    /// <summary>The file of the keys that count no longer: public keys one per line, or a KRL. It need not exist.</summary>
    public string Revoked { get; init; } = DefaultRevoked;

    /// <summary>The members of each group: principals as the file of the keys has them.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Groups { get; init; } = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>Whom names of people and groups stand for: principals, each once.</summary>
    public ImmutableArray<string> Expand(ImmutableArray<string> names) =>
        [.. names.SelectMany(x => Groups.TryGetValue(x, out var members) ? members : [x]).Distinct(StringComparer.OrdinalIgnoreCase)];
}
