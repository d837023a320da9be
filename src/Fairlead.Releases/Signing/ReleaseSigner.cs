using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Signs a sealed release, beside its files: each artifact and the manifest by a bundle of its own, and all artifacts together by a statement of how they were built. Each file appears whole or not at all; signing again
/// completes what an interruption left.
/// </summary>
public static class ReleaseSigner
{
    /// <summary>Signs.</summary>
    /// <param name="release">A release that verifies.</param>
    /// <param name="signer">Signs.</param>
    /// <param name="provenance">How it was built.</param>
    /// <param name="cancellationToken">Stops; the release is then signed in part, which verification says.</param>
    public static async Task SignAsync(ReleaseReadResult release, ISigner signer, BuildProvenance provenance, CancellationToken cancellationToken = default)
    {
        var manifest = release.ManifestOrThrow();
        var directory = release.Directory;
        foreach (var artifact in manifest.Artifacts)
        {
            var file = directory / artifact.Location;
            AtomicFile.Write(ReleaseFiles.Bundle(file), await signer.SignFileAsync(file, Convert.FromHexString(artifact.Digest[Sha256.Prefix.Length..]), cancellationToken));
        }

        var statement = provenance.About([.. manifest.Artifacts.Select(x => KeyValuePair.Create(x.Location, x.Digest[Sha256.Prefix.Length..]))]);
        AtomicFile.Write(ReleaseFiles.Provenance(directory), await signer.SignStatementAsync(statement, cancellationToken));
        var (digest, _) = Sha256.OfFile(ReleaseFiles.Manifest(directory));
        AtomicFile.Write(ReleaseFiles.Bundle(ReleaseFiles.Manifest(directory)), await signer.SignFileAsync(ReleaseFiles.Manifest(directory), Convert.FromHexString(digest[Sha256.Prefix.Length..]), cancellationToken));
    }
}
