using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Signs a sealed release, beside its files: the manifest and each artifact by a bundle of its own, and all artifacts together by the statement of how they were built, which Package has written down. The manifest comes first, because it
/// says what all the others must be: from then on an interruption can be completed safely. Each file appears whole or not at all.
/// </summary>
public static class ReleaseSigner
{
    /// <summary>Signs.</summary>
    /// <param name="release">A release that verifies, and that nobody can have changed since it was sealed: what is signed here counts.</param>
    /// <param name="signer">Signs.</param>
    /// <param name="cancellationToken">Stops; the release is then signed in part, which verification says.</param>
    /// <exception cref="UserErrorException">Nothing says how the release was built.</exception>
    public static async Task SignAsync(ReleaseReadResult release, ISigner signer, CancellationToken cancellationToken = default)
    {
        var manifest = release.ManifestOrThrow();
        var directory = release.Directory;
        var statement = ReleaseProvenance.Read(directory, manifest);
        await SignFileAsync(ReleaseFiles.Manifest(directory), Sha256.OfFile(ReleaseFiles.Manifest(directory)).Digest);
        foreach (var artifact in manifest.Artifacts)
            await SignFileAsync(directory / artifact.Location, artifact.Digest);
        AtomicFile.Write(ReleaseFiles.Provenance(directory), await signer.SignStatementAsync(statement, cancellationToken));

        async Task SignFileAsync(AbsolutePath file, string digest) =>
            AtomicFile.Write(ReleaseFiles.Bundle(file), await signer.SignFileAsync(file, Convert.FromHexString(digest[Sha256.Prefix.Length..]), cancellationToken));
    }
}
