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
    public static ReleaseVerification Verify(AbsolutePath path, TrustedSigners trusted)
    {
        var release = ReleaseReader.Load(path);
        if (release.Manifest is not { } manifest)
            return new ReleaseVerification(release, new Verdict(VerdictKinds.Signatures, VerdictOutcome.Failed, release.Problems[0].Message), release.Problems, []);

        List<Problem> problems = [];
        List<KeyValuePair<string, string>> signed = [];
        if (!manifest.Artifacts.Any(x => x.Kind == ArtifactKinds.Sbom))
            problems.Add(new Problem($"The release {manifest.Version} has no software bill of materials.", "Package it again; what its verdict 'sbom' says must be mended first.", new SourceLocation(ReleaseFiles.Manifest(release.Directory))));

        List<(AbsolutePath File, string Digest)> files = [(ReleaseFiles.Manifest(release.Directory), Sha256.OfFile(ReleaseFiles.Manifest(release.Directory)).Digest), .. manifest.Artifacts.Select(x => (release.Directory / x.Location, x.Digest))];
        var provenance = ReleaseFiles.Provenance(release.Directory);
        if (!files.Exists(x => ReleaseFiles.Bundle(x.File).FileExists()) && !provenance.FileExists())
            return Result(new Verdict(VerdictKinds.Signatures, VerdictOutcome.NotDone, $"The release {manifest.Version} is not signed. Make a key with './build.sh :keys', and sign with './build.sh Sign'."));
        if (trusted.IsEmpty)
            return Result(new Verdict(VerdictKinds.Signatures, VerdictOutcome.NotDone, $"The release {manifest.Version} is signed, but nobody is trusted: there is no key in '.nuke/keys'. './build.sh :keys' puts one there."));

        var before = problems.Count;
        foreach (var (file, digest) in files)
            Check(ReleaseFiles.Bundle(file), file.Name, bundle => SignatureVerifier.VerifyFile(bundle, Convert.FromHexString(digest[Sha256.Prefix.Length..]), trusted));
        Check(provenance, "the provenance", bundle => SignatureVerifier.VerifyStatement(bundle, trusted) is { IsValid: false } invalid ? invalid : About(bundle, manifest) is { } other ? new SignatureResult(null, other) : SignatureVerifier.VerifyStatement(bundle, trusted));
        return Result(problems.Count > before
            ? new Verdict(VerdictKinds.Signatures, VerdictOutcome.Failed, problems[before].Message)
            : new Verdict(VerdictKinds.Signatures, VerdictOutcome.Passed, $"The manifest, {Count(manifest.Artifacts.Length, "artifact")} and the provenance are signed by {string.Join(" and ", signed.Select(x => x.Value).Distinct(StringComparer.Ordinal))}."));

        ReleaseVerification Result(Verdict verdict) => new(release, verdict, [.. problems], [.. signed]);

        void Check(AbsolutePath file, string what, Func<SigstoreBundle, SignatureResult> verify)
        {
            var result = Read(file, verify);
            if (result.Signer is { } signer)
                signed.Add(KeyValuePair.Create(what, signer));
            else
                problems.Add(new Problem($"The signature of {what} does not count: {result.Problem}.", FetchAgain, new SourceLocation(file)));
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

    // A provenance that is signed, but of another release, says nothing about this one.
    static string? About(SigstoreBundle bundle, ReleaseManifest manifest)
    {
        var statement = InTotoStatement.Parse(bundle.Envelope!.Payload);
        if (statement.PredicateType != InTotoStatement.Provenance)
            return $"what it states is '{statement.PredicateType}', and not SLSA's provenance of version 1";
        var stated = statement.Subjects.ToLookup(x => x.Value, StringComparer.Ordinal);
        if (manifest.Artifacts.FirstOrDefault(x => !stated.Contains(x.Digest[Sha256.Prefix.Length..])) is { } missing)
            return $"it is about other files: '{missing.Name}' ({missing.Digest}) is not among them";
        return CommitOf(statement.Predicate) is { } commit && commit != manifest.Commit ? $"it is about the commit {commit}, and the release about {manifest.Commit}" : null;
    }

    static string? CommitOf(JsonElement predicate)
    {
        try
        {
            return predicate.GetProperty("buildDefinition").GetProperty("resolvedDependencies").EnumerateArray()
                .Select(x => x.TryGetProperty("digest", out var digest) && digest.TryGetProperty("gitCommit", out var commit) ? commit.GetString() : null)
                .FirstOrDefault(x => x is not null);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            throw new JsonException("It does not have the form of SLSA's provenance.", exception);
        }
    }

    static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
