using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>What scans may let pass: the file <c>.nuke/security.yml</c>. Without the file, the defaults.</summary>
public sealed record SecurityPolicy
{
    /// <summary>The gravest findings that close the gate of the build: this severity and all above it. Default: high.</summary>
    public Severity FailOn { get; init; } = Severity.High;

    /// <summary>Whether vulnerabilities that no version mends yet are listed without closing the gate. Default: false.</summary>
    public bool IgnoreUnfixed { get; init; }

    /// <summary>How old the vulnerability database may be. Default: seven days.</summary>
    public TimeSpan DatabaseMaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The gates of environments that are stricter than the build's, by the environment's name.</summary>
    public ImmutableSortedDictionary<string, Severity> Environments { get; init; } = ImmutableSortedDictionary.Create<string, Severity>(StringComparer.Ordinal);

    /// <summary>Findings that somebody has accepted until a day.</summary>
    public ImmutableArray<Exemption> Exceptions { get; init; } = [];

    /// <summary>Globs of OpenVEX and CycloneDX VEX documents, relative to the root of the repository.</summary>
    public ImmutableArray<string> Vex { get; init; } = [];

    /// <summary>Globs of files in which no secrets are looked for, relative to the root of the repository.</summary>
    public ImmutableArray<string> SecretsSkip { get; init; } = [];

    /// <summary>Globs of Dockerfiles, manifests and Terraform files that are not looked at, relative to the root of the repository.</summary>
    public ImmutableArray<string> ConfigurationSkip { get; init; } = [];

    /// <summary>Which licences may be delivered.</summary>
    public LicencePolicy Licences { get; init; } = new();
}
