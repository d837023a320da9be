using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One environment, as the user wants it: what <c>.nuke/environments.yml</c> says, with the defaults filled in.</summary>
public sealed record EnvironmentSpec
{
    /// <summary>The application that is deployed. Application and environment together name the state that is kept.</summary>
    public required string Application { get; init; }

    /// <summary>The environment's name: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the platform that it runs on.</summary>
    public string Platform { get; init; } = "local";

    /// <summary>
    /// A protected environment refuses releases that were built from a dirty tree, and <c>:down</c>. By default true for
    /// <c>production</c> alone.
    /// </summary>
    public bool IsProtected { get; init; }

    /// <summary>
    /// What is asked of each kind of verdict. By default tests, scan and sbom: required on a protected environment, otherwise when
    /// available.
    /// </summary>
    public ImmutableSortedDictionary<string, VerdictRequirement> Verdicts { get; init; } =
        ImmutableSortedDictionary.Create<string, VerdictRequirement>(StringComparer.Ordinal);

    /// <summary>
    /// The environment that must have verified the same release, or null. By default <c>staging</c> for <c>production</c> when there
    /// is a staging environment.
    /// </summary>
    public string? RequiresVerifiedOn { get; init; }

    /// <summary>What runs there; at least one service.</summary>
    public required ImmutableArray<ServiceSpec> Services { get; init; }
}
