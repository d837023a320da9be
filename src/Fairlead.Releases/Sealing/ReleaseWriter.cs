using System.Text.Json;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Seals a directory of built files as a release. The order keeps a promise: at whatever moment the process is killed, the directory holds
/// a whole release or none. The old seal goes first, before anything is built; the new one comes last.
/// </summary>
public sealed class ReleaseWriter
{
    readonly AbsolutePath _directory;

    ReleaseWriter(AbsolutePath directory) => _directory = directory;

    /// <summary>Begins: whatever release the directory held is none any more, and its files go. Call this before building into it.</summary>
    /// <param name="directory">The directory of the release; made when missing.</param>
    public static ReleaseWriter Begin(AbsolutePath directory)
    {
        directory.CreateDirectory();
        ReleaseFiles.Seal(directory).DeleteFile();
        AtomicFile.FlushDirectory(directory);
        // Nothing but what a release consists of: the directory may hold other things of the user's.
        foreach (var artifact in ArtifactsOf(directory))
            artifact.DeleteFile();
        foreach (var bundle in directory.GetFiles("*" + SigstoreBundle.Extension))
            bundle.DeleteFile();
        ReleaseFiles.Statement(directory).DeleteFile();
        ReleaseFiles.Checksums(directory).DeleteFile();
        ReleaseFiles.Manifest(directory).DeleteFile();
        AtomicFile.FlushDirectory(directory);
        return new ReleaseWriter(directory);
    }

    /// <summary>Hashes the artifacts, writes the manifest, and then its seal.</summary>
    /// <exception cref="ProblemsException">The release has no artifact, or one is missing, outside the directory, or named twice.</exception>
    public ReleaseManifest Seal(ReleaseDraft draft)
    {
        var problems = Check(draft).ToList();
        if (problems.Count > 0)
            throw new ProblemsException(problems);

        var artifacts = draft.Artifacts.Select(Describe).OrderBy(x => x.Name, StringComparer.Ordinal).ToList();
        var manifest = new ReleaseManifest
        {
            Application = draft.Application,
            Version = draft.Version,
            Commit = draft.Commit,
            CommitTime = draft.CommitTime.ToUniversalTime(),
            Dirty = draft.Dirty,
            Branch = draft.Branch,
            Artifacts = [.. artifacts],
            Verdicts = [.. draft.Verdicts.OrderBy(x => x.Kind, StringComparer.Ordinal)],
            Notes = draft.Notes,
            Digest = ReleaseDigest.Compute(draft.Version, draft.Commit, artifacts),
        };
        byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(manifest, ReleaseJson.Instance.ReleaseManifest), (byte)'\n'];
        AtomicFile.Write(ReleaseFiles.Manifest(_directory), json);
        AtomicFile.Write(ReleaseFiles.Checksums(_directory), ReleaseFiles.ChecksumsOf(manifest, json));
        AtomicFile.Write(ReleaseFiles.Seal(_directory), ReleaseFiles.SealOf(json));
        return manifest;
    }

    static IEnumerable<AbsolutePath> ArtifactsOf(AbsolutePath directory)
    {
        try
        {
            var manifest = ReleaseFiles.Manifest(directory);
            return !manifest.FileExists() || JsonSerializer.Deserialize(File.ReadAllBytes(manifest), ReleaseJson.Instance.ReleaseManifest) is not { Artifacts.IsDefault: false } former ? []
                : [.. former.Artifacts.Where(x => x?.Location is { Length: > 0 } location && !Path.IsPathRooted(location)).Select(x => directory / x.Location).Where(x => directory.Contains(x) && x.FileExists())];
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or IOException)
        {
            return [];
        }
    }

    IEnumerable<Problem> Check(ReleaseDraft draft)
    {
        if (draft.Artifacts.IsEmpty)
            yield return new Problem("A release needs at least one artifact.");
        // Names and kinds that differ in case alone would be one file on some machines, and two on others.
        foreach (var twice in draft.Artifacts.GroupBy(x => x.Name, StringComparer.OrdinalIgnoreCase).Where(x => x.Count() > 1))
            yield return new Problem($"Two artifacts are named '{twice.Key}'.", "Give each a name of its own.");
        foreach (var twice in draft.Verdicts.GroupBy(x => x.Kind, StringComparer.OrdinalIgnoreCase).Where(x => x.Count() > 1))
            yield return new Problem($"There are two verdicts of the kind '{twice.Key}'.");
        foreach (var artifact in draft.Artifacts)
        {
            if (!_directory.Contains(artifact.File))
                yield return new Problem($"The artifact '{artifact.Name}' is outside the release: '{artifact.File}'.", $"Write it into '{_directory}'.");
            else if (!artifact.File.FileExists())
                yield return new Problem($"The artifact '{artifact.Name}' was not built: there is no file '{artifact.File}'.");
        }
    }

    ReleaseArtifact Describe(ArtifactFile artifact)
    {
        var (digest, size) = Sha256.OfFile(artifact.File);
        return new ReleaseArtifact(artifact.Name, artifact.Kind, _directory.GetUnixRelativePathTo(artifact.File), digest, size, artifact.EntryPoint) { Image = artifact.Image };
    }
}
