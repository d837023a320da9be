using System.IO.Compression;

namespace Fairlead.Tooling;

/// <content>Copying, moving, packing.</content>
public sealed partial class AbsolutePath
{
    /// <summary>Copies the file or directory to a path, whose parents are made if missing.</summary>
    /// <param name="target">What the copy is called.</param>
    /// <param name="policy">What to do when it is there already.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="UserErrorException">There is nothing to copy, or the policy forbids it.</exception>
    public AbsolutePath Copy(AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail) => Transfer(target, policy, move: false);

    /// <summary>Moves the file or directory to a path, whose parents are made if missing. Files that the policy skips stay.</summary>
    /// <param name="target">What it is called afterwards.</param>
    /// <param name="policy">What to do when something is there already.</param>
    /// <returns>The new path.</returns>
    /// <exception cref="UserErrorException">There is nothing to move, or the policy forbids it.</exception>
    public AbsolutePath Move(AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail) => Transfer(target, policy, move: true);

    /// <summary>Gives the file or directory another name in the same directory.</summary>
    /// <inheritdoc cref="Move"/>
    public AbsolutePath Rename(string name, ExistsPolicy policy = ExistsPolicy.Fail) => Move(Parent / name, policy);

    /// <summary>Copies the file or directory into a directory, which is made if missing; existing files are replaced.</summary>
    /// <returns>The copy.</returns>
    public AbsolutePath CopyToDirectory(AbsolutePath directory, ExistsPolicy policy = ExistsPolicy.MergeAndOverwrite) => Copy(directory / Name, policy);

    /// <summary>Moves the file or directory into a directory, which is made if missing.</summary>
    /// <returns>The new path.</returns>
    public AbsolutePath MoveToDirectory(AbsolutePath directory, ExistsPolicy policy = ExistsPolicy.Fail) => Move(directory / Name, policy);

    /// <summary>Makes an empty file, or gives the one that is there the time of now.</summary>
    public AbsolutePath TouchFile()
    {
        Parent.CreateDirectory();
        using (File.Open(_path, FileMode.OpenOrCreate, FileAccess.Write))
            File.SetLastWriteTimeUtc(_path, DateTime.UtcNow);
        return this;
    }

    /// <summary>Writes text at the end of the file, which is made if missing.</summary>
    public AbsolutePath AppendAllText(string content)
    {
        Parent.CreateDirectory();
        File.AppendAllText(_path, content);
        return this;
    }

    /// <summary>Packs what the directory contains into a new zip file.</summary>
    /// <param name="archive">The file; its directory is made if missing.</param>
    /// <param name="filter">Which files to take; by default all.</param>
    /// <exception cref="UserErrorException">The directory is missing, or the file is there already.</exception>
    public void ZipTo(AbsolutePath archive, Func<AbsolutePath, bool>? filter = null)
    {
        if (!DirectoryExists())
            throw new UserErrorException($"The directory '{_path}', which should be packed, does not exist.");
        if (archive.Exists())
            throw new UserErrorException($"'{archive}' is there already.", "Delete it first.");
        var files = Directory.EnumerateFiles(_path, "*", SearchOption.AllDirectories).Select(Create).Where(x => filter?.Invoke(x) != false).Order().ToList();
        archive.Parent.CreateDirectory();
        using var zip = ZipFile.Open(archive, ZipArchiveMode.Create);
        foreach (var file in files)
            zip.CreateEntryFromFile(file, GetUnixRelativePathTo(file));
    }

    /// <summary>Unpacks the zip file into a directory, which is made if missing; files that are there are replaced.</summary>
    /// <exception cref="UserErrorException">The file is missing or is no zip file, or an entry would be written outside of the directory.</exception>
    public void UnZipTo(AbsolutePath directory)
    {
        if (!FileExists())
            throw new UserErrorException($"The file '{_path}', which should be unpacked, does not exist.");
        try
        {
            ZipFile.ExtractToDirectory(_path, directory.CreateDirectory(), overwriteFiles: true);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new UserErrorException($"'{_path}' cannot be unpacked: {e.Message}", null, e);
        }
    }

    AbsolutePath Transfer(AbsolutePath target, ExistsPolicy policy, bool move)
    {
        if (!Exists())
            throw new UserErrorException($"'{_path}' cannot be {(move ? "moved" : "copied")}: it does not exist.");
        if (target == this || Contains(target))
            throw new UserErrorException($"'{_path}' cannot be {(move ? "moved" : "copied")} into itself.");
        if (target.DirectoryExists() != DirectoryExists() && target.Exists())
            throw new UserErrorException($"'{_path}' cannot take the place of '{target}': one is a file, the other a directory.");
        var merges = policy is ExistsPolicy.MergeAndSkip or ExistsPolicy.MergeAndOverwrite or ExistsPolicy.MergeAndOverwriteIfNewer;
        if (target.Exists() && (policy == ExistsPolicy.Fail || (DirectoryExists() && !merges)))
            throw new UserErrorException($"'{target}' is there already.", $"Delete it first, or say what to do: {nameof(ExistsPolicy)}.{nameof(ExistsPolicy.MergeAndOverwrite)}, for example.");

        target.Parent.CreateDirectory();
        if (FileExists())
            TransferFile(target, policy, move);
        else if (move && !target.Exists())
            Directory.Move(_path, target);
        else
            TransferContent(target, policy, move);
        return target;
    }

    void TransferFile(AbsolutePath target, ExistsPolicy policy, bool move)
    {
        var skips = policy is ExistsPolicy.FileSkip or ExistsPolicy.MergeAndSkip
            || (policy is ExistsPolicy.FileOverwriteIfNewer or ExistsPolicy.MergeAndOverwriteIfNewer
                && File.GetLastWriteTimeUtc(_path) <= File.GetLastWriteTimeUtc(target));
        if (target.FileExists() && skips)
            return;
        if (move)
            File.Move(_path, target, overwrite: true);
        else
            File.Copy(_path, target, overwrite: true);
    }

    void TransferContent(AbsolutePath target, ExistsPolicy policy, bool move)
    {
        target.CreateDirectory();
        // A file in the way of a directory, or the other way round, is told like at the top.
        foreach (var child in GetFiles().Concat(GetDirectories()))
            child.Transfer(target / child.Name, policy, move);
        if (move && !Directory.EnumerateFileSystemEntries(_path).Any())
            Directory.Delete(_path);
    }
}
