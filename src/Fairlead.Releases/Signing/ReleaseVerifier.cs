using System.Text.Json;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Verifies everything that can be known of a release without a network: the files, the manifest, the bill of materials, the signatures, the provenance.</summary>
public static class ReleaseVerifier
{
    const string FetchAgain = "Fetch or package the release again, and find out who changed it.";

    /// <summary>Verifies. Whatever is wrong is in the result; nothing is thrown for it.</summary>
    /// <param name="path">The manifest, or the directory that holds it.</param>
    /// <param name="trusted">Whose signatures count.</param>
    public static ReleaseVerification Verify(AbsolutePath path, TrustedSigners trusted) => Verify(ReleaseReader.Load(path), trusted);

    /// <summary>Verifies what was read already; the artifacts are not hashed again.</summary>
    /// <inheritdoc cref="Verify(AbsolutePath, TrustedSigners)"/>
    public static ReleaseVerification Verify(ReleaseReadResult release, TrustedSigners trusted)
    {
        if (release.Manifest is not { } manifest)
            return new ReleaseVerification(release, new Verdict(VerdictKinds.Signatures, VerdictOutcome.Failed, release.Problems[0].Message), release.Problems, []);

        List<Problem> problems = [];
        List<KeyValuePair<string, string>> signed = [];
        var unsigned = 0;
        if (ProblemOfBills(release) is { } bills)
            problems.Add(new Problem(bills, "Package it again; what its verdict 'sbom' says must be mended first.", new SourceLocation(ReleaseFiles.Manifest(release.Directory))));

        List<(AbsolutePath File, string Digest)> files = [(ReleaseFiles.Manifest(release.Directory), Sha256.OfFile(ReleaseFiles.Manifest(release.Directory)).Digest), .. manifest.Artifacts.Select(x => (release.Directory / x.Location, x.Digest))];
        var provenance = ReleaseFiles.Provenance(release.Directory);
        if (!files.Exists(x => ReleaseFiles.Bundle(x.File).FileExists()) && !provenance.FileExists())
            return Result(new Verdict(VerdictKinds.Signatures, VerdictOutcome.NotDone, $"The release {manifest.Version} is not signed. Make a key with './build.sh :keys', and sign with './build.sh Sign'."));
        if (trusted.IsEmpty)
            return Result(new Verdict(VerdictKinds.Signatures, VerdictOutcome.NotDone, $"The release {manifest.Version} is signed, but nobody is trusted: there is no key in '.nuke/keys'. './build.sh :keys' puts one there."));

        var before = problems.Count;
        if (!ReleaseFiles.Checksums(release.Directory).FileExists())
            problems.Add(new Problem($"'{ReleaseFiles.ChecksumsName}' is missing, which every signed release has.", FetchAgain, new SourceLocation(ReleaseFiles.Checksums(release.Directory))));
        foreach (var (file, digest) in files)
            Check(ReleaseFiles.Bundle(file), file.Name, bundle => SignatureVerifier.VerifyFile(bundle, Convert.FromHexString(digest[Sha256.Prefix.Length..]), trusted));
        Check(provenance, "the provenance", bundle =>
        {
            var result = SignatureVerifier.VerifyStatement(bundle, trusted);
            // One that is signed, but of another release, says nothing about this one.
            return result.IsValid && ReleaseProvenance.ProblemOf(InTotoStatement.Parse(bundle.Envelope!.Payload), manifest) is { } problem ? new SignatureResult(null, problem) : result;
        });
        return Result(problems.Count > before
            ? new Verdict(VerdictKinds.Signatures, VerdictOutcome.Failed, problems[before].Message)
            : new Verdict(VerdictKinds.Signatures, VerdictOutcome.Passed, $"The manifest, {Count(manifest.Artifacts.Length, "artifact")} and the provenance are signed by {string.Join(" and ", signed.Select(x => x.Value).Distinct(StringComparer.Ordinal))}."));

        // The signed manifest says what everything else must be, and it is: what is missing can be made anew.
        ReleaseVerification Result(Verdict verdict) => new(release, verdict, [.. problems], [.. signed])
        {
            IsInterrupted = unsigned > 0 && unsigned == problems.Count && signed.Exists(x => x.Key == ReleaseFiles.ManifestName),
        };

        void Check(AbsolutePath file, string what, Func<SigstoreBundle, SignatureResult> verify)
        {
            if (!file.FileExists())
                unsigned++;
            var result = Read(file, verify);
            if (result.Signer is { } signer)
                signed.Add(KeyValuePair.Create(what, signer));
            else
                problems.Add(new Problem($"The signature of {what} does not count: {result.Problem}.", FetchAgain, new SourceLocation(file)));
        }
    }

    static string? ProblemOfBills(ReleaseReadResult release)
    {
        var manifest = release.Manifest!;
        var bills = manifest.Artifacts.Where(x => x.Kind == ArtifactKinds.Sbom).ToList();
        if (bills.Count == 0)
            return $"The release {manifest.Version} has no software bill of materials.";
        try
        {
            return bills.Where(x => x.Location.EndsWith(".cdx.json", StringComparison.Ordinal)).Select(x => CycloneDxReader.Read(File.ReadAllBytes(release.Directory / x.Location), x.Location)).Any(x => x.Subject.Version == manifest.Version)
                ? null
                : $"The release {manifest.Version} has a software bill of materials, but not of {manifest.Version}.";
        }
        catch (UserErrorException exception)
        {
            return $"The software bill of materials of {manifest.Version} is none: {exception.Message}";
        }
    }

    static SignatureResult Read(AbsolutePath file, Func<SigstoreBundle, SignatureResult> verify)
    {
        try
        {
            return file.FileExists() ? verify(SigstoreBundle.Parse(File.ReadAllBytes(file))) : new SignatureResult(null, "it is missing, while other files of the release are signed");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return new SignatureResult(null, $"it cannot be read ({exception.Message})");
        }
    }

    static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
