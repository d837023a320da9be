using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>The artifacts of one environment that are kept on this machine, each under its digest. Only this user can read them.</summary>
/// <param name="directory">Where they are; made when the first one is kept.</param>
sealed class ArtifactCache(AbsolutePath directory)
{
    /// <summary>The kept file, or null.</summary>
    public AbsolutePath? Find(string digest) => FileOf(digest) is var file && file.FileExists() ? file : null;

    /// <inheritdoc cref="IDeploymentLock.KeepArtifactAsync"/>
    public async Task KeepAsync(string digest, AbsolutePath file, CancellationToken cancellationToken)
    {
        if (Find(digest) is not null)
            return;
        FileDeploymentStore.CreatePrivateDirectory(directory);
        var temporary = directory / $"{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read))
            await using (var copy = new FileStream(temporary, FileDeploymentStore.PrivateOptions(FileMode.CreateNew, FileShare.None)))
            {
                await source.CopyToAsync(copy, cancellationToken);
                copy.Flush(flushToDisk: true);
                copy.Position = 0;
                // Hashed as it was written: what is kept is what the digest says, whoever changes the source meanwhile.
                var actual = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(copy, cancellationToken))}";
                if (actual != digest)
                    throw new UserErrorException($"The artifact {file} is not the one of the release: its digest is {actual}, and should be {digest}.", "Package the release again, or fetch it again.");
            }

            File.Move(temporary, FileOf(digest), overwrite: true);
            AtomicFile.FlushDirectory(directory);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"The artifact {file} of the release is not there.", "Package the release again, or fetch it again.", exception);
        }
        finally
        {
            temporary.DeleteFile();
        }
    }

    /// <summary>Deletes all artifacts but these.</summary>
    public void Prune(IReadOnlySet<string> keep)
    {
        var files = keep.Select(FileOf).ToHashSet();
        foreach (var file in directory.GetFiles().Where(x => !files.Contains(x)))
            file.DeleteFile();
    }

    AbsolutePath FileOf(string digest) => directory / digest.Replace(':', '-');
}
