using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>Where git has a file.</summary>
public static class RepositoryFile
{
    /// <summary>The path of a file from the root of the work tree, with slashes; of a link, that of the file it leads to.</summary>
    /// <param name="root">The root of the work tree.</param>
    /// <param name="file">The file, which need not exist.</param>
    /// <exception cref="UserErrorException">It is outside of the work tree.</exception>
    public static string PathOf(AbsolutePath root, AbsolutePath file)
    {
        var target = new FileInfo(file) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } end ? AbsolutePath.Create(end.FullName) : file;
        // A directory on the way may be a link as well.
        for (var parent = target.Parent; parent != root && parent.Parent != parent; parent = parent.Parent)
        {
            if (new DirectoryInfo(parent) is { LinkTarget: not null } way && way.ResolveLinkTarget(returnFinalTarget: true) is { } directory)
                return PathOf(root, AbsolutePath.Create(Path.Combine(directory.FullName, Path.GetRelativePath(parent, target))));
        }

        var path = $"{root.GetUnixRelativePathTo(target)}";
        return path == ".." || path.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(path)
            ? throw new UserErrorException($"'{file}'{(target == file ? "" : $" leads to '{target}', which")} is outside of the repository '{root}', so it cannot be a part of a release.", "Name a file inside.")
            : path;
    }
}
