using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Releases;

namespace Fairlead.Deployment;

/// <summary>Makes the resolved services from what the user wants and what the release has.</summary>
static class TargetResolver
{
    /// <summary>The target with ordinal 0 everywhere; <see cref="BlueGreenPlanner.Aim"/> gives the ordinals.</summary>
    /// <remarks>Only for an environment and a release that <see cref="Preconditions"/> has no problem with.</remarks>
    public static DeploymentTarget Resolve(EnvironmentSpec environment, ReleaseManifest release) =>
        new(release, [.. environment.Services.Select(x => Resolve(x, release.Artifact(x.Artifact)!))]);

    static ServiceTarget Resolve(ServiceSpec service, ReleaseArtifact artifact)
    {
        ImmutableArray<string> command = service.Command.IsEmpty ? ["dotnet", artifact.EntryPoint!] : service.Command;
        var configuration = new
        {
            Command = command,
            service.Variables,
            service.Replicas,
            service.Probe,
            service.DrainTimeout,
            service.StopGrace,
        };
        return new ServiceTarget
        {
            Name = service.Name,
            Ordinal = 0,
            ArtifactDigest = artifact.Digest,
            ConfigurationDigest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(configuration)))}",
            Url = service.Url,
            Command = command,
            Variables = service.Variables,
            Replicas = service.Replicas,
            Probe = service.Probe,
            StartupTimeout = service.StartupTimeout,
            DrainTimeout = service.DrainTimeout,
            StopGrace = service.StopGrace,
        };
    }
}
