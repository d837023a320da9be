using System.Text.Json;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Reads a sealed release and verifies all of it: seal, manifest, every byte of every artifact, and its own digest.</summary>
public static class ReleaseReader
{
    const string PackageAgain = "Run Package again; a release is never mended by hand.";

    /// <summary>Reads and verifies. Whatever is wrong with the files is a problem in the result; nothing is thrown for it.</summary>
    /// <param name="path">The manifest, or the directory that holds it.</param>
    public static ReleaseReadResult Load(AbsolutePath path)
    {
        var file = path.DirectoryExists() ? ReleaseFiles.Manifest(path) : path;
        var directory = file.Parent;
        List<Problem> problems = [];
        ReleaseManifest? manifest = null;
        try
        {
            manifest = ReadManifest(file, problems);
            if (manifest is not null)
                Verify(manifest, directory, file, problems);
            if (manifest is not null && problems.Count == 0)
                VerifyChecksums(manifest, file, problems);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem($"The release '{directory}' cannot be read: {exception.Message}"));
        }

        return new ReleaseReadResult(directory, problems.Count == 0 ? manifest : null, [.. problems]);
    }

    static ReleaseManifest? ReadManifest(AbsolutePath file, List<Problem> problems)
    {
        var where = new SourceLocation(file);
        var seal = ReleaseFiles.Seal(file.Parent);
        if (!file.FileExists())
        {
            problems.Add(new Problem("There is no release here: the manifest does not exist.", "Run Package.", where));
            return null;
        }

        if (!seal.FileExists())
        {
            problems.Add(new Problem($"The release is not sealed: '{seal.Name}' is missing. Packaging was interrupted, or the file was taken away.", PackageAgain, where));
            return null;
        }

        var json = File.ReadAllBytes(file);
        if (!ReleaseFiles.SealOf(json).AsSpan().SequenceEqual(File.ReadAllBytes(seal)))
        {
            problems.Add(new Problem($"The manifest or its seal '{seal.Name}' was changed after sealing: they do not match.", PackageAgain, where));
            return null;
        }

        try
        {
            return IsReadable(json, where, problems) ? JsonSerializer.Deserialize(json, ReleaseJson.Instance.ReleaseManifest) : null;
        }
        catch (JsonException exception)
        {
            problems.Add(new Problem($"The manifest is not a release manifest: {exception.Message}", PackageAgain, where));
            return null;
        }
    }

    // Looked at alone and first: a newer schema may have changed everything else.
    static bool IsReadable(byte[] json, SourceLocation where, List<Problem> problems)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("schemaVersion", out var element) || element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out var version))
        {
            problems.Add(new Problem("The manifest has no schemaVersion, so it is not a release manifest.", PackageAgain, where));
            return false;
        }

        if (version is >= 1 and <= ReleaseJson.SchemaVersion)
            return true;
        problems.Add(new Problem(
            $"The manifest has schema version {version}; this Fairlead reads versions up to {ReleaseJson.SchemaVersion}.", "Use the Fairlead that wrote it, or a newer one.", where));
        return false;
    }

    static void Verify(ReleaseManifest manifest, AbsolutePath directory, AbsolutePath file, List<Problem> problems)
    {
        var where = new SourceLocation(file);
        if (manifest.Artifacts.IsDefaultOrEmpty || manifest.Verdicts.IsDefault || manifest.Artifacts.Any(x => x is null) || manifest.Verdicts.Any(x => x is null))
        {
            problems.Add(new Problem("The manifest lists no artifacts or no verdicts.", PackageAgain, where));
            return;
        }

        const int ShortCommit = 7;
        if (manifest.Commit.Length < ShortCommit || manifest.Verdicts.Any(HasNothing))
        {
            problems.Add(new Problem("The manifest names no commit, or a verdict of it has parts that are nothing.", PackageAgain, where));
            return;
        }

        foreach (var twice in manifest.Artifacts.GroupBy(x => x.Name, StringComparer.OrdinalIgnoreCase).Where(x => x.Count() > 1))
            problems.Add(new Problem($"The manifest lists two artifacts named '{twice.Key}'.", PackageAgain, where));
        foreach (var twice in manifest.Verdicts.GroupBy(x => x.Kind, StringComparer.OrdinalIgnoreCase).Where(x => x.Count() > 1))
            problems.Add(new Problem($"The manifest has two verdicts of the kind '{twice.Key}'.", PackageAgain, where));
        foreach (var unknown in manifest.Verdicts.Where(x => !Enum.IsDefined(x.Outcome)))
            problems.Add(new Problem($"The verdict '{unknown.Kind}' has an unknown outcome.", PackageAgain, where));
        foreach (var artifact in manifest.Artifacts)
            VerifyArtifact(artifact, directory, problems);

        var digest = ReleaseDigest.Compute(manifest.Version, manifest.Commit, manifest.Artifacts);
        if (manifest.Digest != digest)
            problems.Add(new Problem($"The digest of the release is {manifest.Digest}, but its version, commit and artifacts give {digest}.", PackageAgain, where));
    }

    static bool HasNothing(Verdict? verdict) => verdict is null || verdict.Parts?.Any(HasNothing) == true;

    // Releases of earlier versions have no such file.
    static void VerifyChecksums(ReleaseManifest manifest, AbsolutePath file, List<Problem> problems)
    {
        var checksums = ReleaseFiles.Checksums(file.Parent);
        if (checksums.FileExists() && !ReleaseFiles.ChecksumsOf(manifest, File.ReadAllBytes(file)).AsSpan().SequenceEqual(File.ReadAllBytes(checksums)))
            problems.Add(new Problem($"'{checksums.Name}' does not tell the checksums that the manifest tells; it was changed after sealing.", PackageAgain, new SourceLocation(checksums)));
    }

    static void VerifyArtifact(ReleaseArtifact artifact, AbsolutePath directory, List<Problem> problems)
    {
        var isOutside = artifact.Location.Length == 0 || artifact.Location.Contains('\0', StringComparison.Ordinal)
            || Path.IsPathRooted(artifact.Location) || !directory.Contains(directory / artifact.Location);
        if (isOutside)
        {
            problems.Add(new Problem($"The artifact '{artifact.Name}' has a location outside the release: '{artifact.Location}'.", PackageAgain));
            return;
        }

        var file = directory / artifact.Location;
        var where = new SourceLocation(file);
        if (!file.FileExists())
        {
            problems.Add(new Problem($"The artifact '{artifact.Name}' is missing.", PackageAgain, where));
            return;
        }

        var (digest, size) = Sha256.OfFile(file);
        if (size != artifact.Size)
            problems.Add(new Problem($"The artifact '{artifact.Name}' has {size} bytes; it had {artifact.Size} when it was sealed.", PackageAgain, where));
        else if (digest != artifact.Digest)
            problems.Add(new Problem($"The artifact '{artifact.Name}' was changed after sealing.", PackageAgain, where));
    }
}
