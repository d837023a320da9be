using System.Text;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>The files that make a directory a release.</summary>
public static class ReleaseFiles
{
    /// <summary>The manifest.</summary>
    public const string ManifestName = "release.json";

    /// <summary>
    /// The seal: the SHA-256 of the manifest's bytes, as <c>sha256sum</c> writes and checks it. It shows every change by hand or by accident.
    /// It is no signature: whoever can write the manifest can write a new seal; signatures lie beside it (<see cref="ReleaseSigner"/>).
    /// </summary>
    public const string SealName = ManifestName + ".sha256";

    /// <summary>The SHA-256 of all artifacts and of the manifest, as <c>sha256sum --check</c> reads them.</summary>
    public const string ChecksumsName = "SHA256SUMS";

    /// <summary>The signed statement of how the artifacts were built.</summary>
    public const string ProvenanceName = "provenance" + SigstoreBundle.Extension;

    /// <summary>The same statement as it is before it is signed.</summary>
    public const string StatementName = "provenance.json";

    /// <summary>The signature of a file, beside it.</summary>
    internal static AbsolutePath Bundle(AbsolutePath file) => file.Parent / (file.Name + SigstoreBundle.Extension);

    internal static AbsolutePath Provenance(AbsolutePath directory) => directory / ProvenanceName;

    internal static AbsolutePath Statement(AbsolutePath directory) => directory / StatementName;

    internal static AbsolutePath Checksums(AbsolutePath directory) => directory / ChecksumsName;

    internal static AbsolutePath Manifest(AbsolutePath directory) => directory / ManifestName;

    internal static AbsolutePath Seal(AbsolutePath directory) => directory / SealName;

    internal static byte[] ChecksumsOf(ReleaseManifest manifest, ReadOnlySpan<byte> json) => Encoding.UTF8.GetBytes(string.Concat(
        manifest.Artifacts.Select(x => (x.Location, x.Digest)).Append((Location: ManifestName, Digest: Sha256.Of(json)))
            .OrderBy(x => x.Location, StringComparer.Ordinal)
            .Select(x => $"{x.Digest[Sha256.Prefix.Length..]}  {x.Location}\n")));

    internal static byte[] SealOf(ReadOnlySpan<byte> manifest) => Encoding.ASCII.GetBytes($"{Sha256.Of(manifest)[Sha256.Prefix.Length..]}  {ManifestName}\n");
}
