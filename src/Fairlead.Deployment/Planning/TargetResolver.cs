using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Releases;

namespace Fairlead.Deployment;

/// <summary>Makes the resolved services from what the user wants and what the release has.</summary>
static class TargetResolver
{
    // What a service does not have does not change its digest, also when a later version knows more that it could have.
    static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The target with ordinal 0 everywhere; <see cref="RolloutPlanner.Aim"/> gives the ordinals.</summary>
    /// <remarks>Only for an environment and a release that <see cref="Preconditions"/> has no problem with.</remarks>
    /// <param name="environment">What the user wants.</param>
    /// <param name="release">What the release has.</param>
    /// <param name="flagFile">The file of feature flags for services that name none.</param>
    public static DeploymentTarget Resolve(EnvironmentSpec environment, ReleaseManifest release, string flagFile) =>
        new(release, [.. environment.Services.Select(x => Resolve(WithFlags(x, flagFile), release.Artifact(x.Artifact)!))])
        {
            Policy = environment.Policy,
            Database = environment.Database,
            // Chaos is not for where it would hurt.
            Checks = [.. environment.Checks.Where(x => !environment.IsProtected || x.Kind != CheckSpec.Chaos)],
        };

    static ServiceSpec WithFlags(ServiceSpec service, string flagFile) => service.Strategy is StrategySpec.FeatureFlags flags
        ? service with { Strategy = flags with { File = flags.File ?? flagFile }, Variables = service.Variables.SetItem("FAIRLEAD_FLAGS", flags.File ?? flagFile) }
        : service;

    static ServiceTarget Resolve(ServiceSpec service, ReleaseArtifact artifact)
    {
        ImmutableArray<string> command = service.Command.IsEmpty ? ["dotnet", artifact.EntryPoint!] : service.Command;
        var configuration = new
        {
            Command = command,
            service.Variables,
            Secrets = service.Secrets.IsEmpty ? null : service.Secrets.ToDictionary(x => x.Key, x => x.Value.ToString()),
            service.Replicas,
            service.Probe,
            service.DrainTimeout,
            service.StopGrace,
            Resources = service.Resources == ResourceLimits.None ? null : service.Resources,
        };
        return new ServiceTarget
        {
            Name = service.Name,
            Ordinal = 0,
            ArtifactDigest = artifact.Digest,
            ConfigurationDigest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(configuration, WithoutNulls)))}",
            Url = service.Url,
            Command = command,
            Variables = service.Variables,
            Secrets = service.Secrets,
            Resources = service.Resources,
            Replicas = service.Replicas,
            Probe = service.Probe,
            StartupTimeout = service.StartupTimeout,
            DrainTimeout = service.DrainTimeout,
            StopGrace = service.StopGrace,
            Strategy = service.Strategy,
        };
    }
}
