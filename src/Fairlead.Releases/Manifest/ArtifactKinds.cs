namespace Fairlead.Releases;

/// <summary>The kinds of artifact that Fairlead itself makes.</summary>
public static class ArtifactKinds
{
    /// <summary>A <c>.tar.gz</c> of a published application.</summary>
    public const string Application = "application";

    /// <summary>A software bill of materials in CycloneDX JSON.</summary>
    public const string Sbom = "sbom";
}
