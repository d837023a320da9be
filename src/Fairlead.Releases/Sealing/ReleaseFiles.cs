using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>The two files that make a directory a release.</summary>
public static class ReleaseFiles
{
    /// <summary>The manifest.</summary>
    public const string ManifestName = "release.json";

    /// <summary>
    /// The seal: the SHA-256 of the manifest's bytes, as <c>sha256sum</c> writes and checks it. It shows every change by hand or by accident.
    /// It is no signature: whoever can write the manifest can write a new seal; signatures by key come beside it later.
    /// </summary>
    public const string SealName = ManifestName + ".sha256";

    internal static AbsolutePath Manifest(AbsolutePath directory) => directory / ManifestName;

    internal static AbsolutePath Seal(AbsolutePath directory) => directory / SealName;

    internal static byte[] SealOf(ReadOnlySpan<byte> manifest) => Encoding.ASCII.GetBytes($"{Sha256.Of(manifest)[Sha256.Prefix.Length..]}  {ManifestName}\n");
}
