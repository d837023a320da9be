namespace Fairlead.Deployment;

/// <summary>One state of one service that can run: an artifact with a configuration.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Ordinal">Counts the revisions of an environment, from 1; never used twice.</param>
/// <param name="ArtifactDigest">Digest of the artifact that runs.</param>
/// <param name="ConfigurationDigest">Digest over everything else that makes it what it is: command, variables, replicas, probes.</param>
public sealed record Revision(string Service, int Ordinal, string ArtifactDigest, string ConfigurationDigest)
{
    /// <summary>The name used with platforms and people: <c>storefront.7</c>.</summary>
    public string Name => $"{Service}.{Ordinal}";
}
