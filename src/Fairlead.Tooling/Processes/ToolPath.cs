namespace Fairlead.Tooling;

/// <summary>Finds programs.</summary>
public static class ToolPath
{
    /// <summary>
    /// The full path of a program: as it is when it is a path (relative to <paramref name="directory"/>), otherwise the first
    /// executable file of that name in a directory of <paramref name="path"/>. Null when there is none.
    /// </summary>
    /// <param name="tool">A name or a path.</param>
    /// <param name="directory">What a relative path is relative to.</param>
    /// <param name="path">The value of the PATH variable.</param>
    public static AbsolutePath? Find(string tool, AbsolutePath directory, string? path)
    {
        if (tool.Contains('/', StringComparison.Ordinal) || (OperatingSystem.IsWindows() && tool.Contains('\\', StringComparison.Ordinal)))
            return Candidates(AbsolutePath.Resolve(directory, tool)).FirstOrDefault(IsExecutable);

        return (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(x => Candidates(AbsolutePath.Create(x) / tool))
            .FirstOrDefault(IsExecutable);
    }

    static IEnumerable<AbsolutePath> Candidates(AbsolutePath path) =>
        OperatingSystem.IsWindows() && path.Extension.Length == 0 ? [path + ".exe", path + ".cmd", path + ".bat"] : [path];

    static bool IsExecutable(AbsolutePath path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return path.FileExists() && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != UnixFileMode.None);
    }
}
