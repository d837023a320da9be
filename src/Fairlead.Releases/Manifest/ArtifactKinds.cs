namespace Fairlead.Releases;

/// <summary>The kinds of artifact that Fairlead itself makes.</summary>
public static class ArtifactKinds
{
    /// <summary>A <c>.tar.gz</c> of a published application.</summary>
    public const string Application = "application";

    /// <summary>A <c>.zip</c> or <c>.tar.gz</c> for people to download.</summary>
    public const string Archive = "archive";

    /// <summary>A program in a single file, for one system and processor.</summary>
    public const string Binary = "binary";

    /// <summary>A NuGet package.</summary>
    public const string NuGet = "nuget";

    /// <summary>The symbols of a NuGet package.</summary>
    public const string Symbols = "symbols";

    /// <summary>An npm package.</summary>
    public const string Npm = "npm";

    /// <summary>A container image, or an index of several, as an OCI layout in a <c>.tar</c>.</summary>
    public const string Image = "image";

    /// <summary>A software bill of materials in CycloneDX or SPDX JSON.</summary>
    public const string Sbom = "sbom";
}
