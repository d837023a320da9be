using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Fairlead.Tooling;

/// <summary>
/// An absolute, normalised path. Paths are joined with <c>/</c>: <c>RootDirectory / "src" / ".." / "artifacts"</c>.
/// </summary>
[SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "The operators are the vocabulary.")]
public sealed partial class AbsolutePath : IEquatable<AbsolutePath>, IComparable<AbsolutePath>
{
    static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    readonly string _path;

    AbsolutePath(string path) => _path = path;

    /// <summary>Makes a path from text.</summary>
    /// <exception cref="ArgumentException">The text is not an absolute path.</exception>
    public static AbsolutePath Create(string path) => Path.IsPathFullyQualified(path)
        ? new AbsolutePath(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))
        : throw new ArgumentException($"'{path}' is not an absolute path.", nameof(path));

    /// <summary>The directory that the process works in.</summary>
    public static AbsolutePath CurrentDirectory => Create(Environment.CurrentDirectory);

    /// <summary>Reads a path that may be relative to <paramref name="baseDirectory"/>.</summary>
    public static AbsolutePath Resolve(AbsolutePath baseDirectory, string path) => Create(Path.GetFullPath(path, baseDirectory._path));

    /// <summary>The last part of the path.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>The last part of the path without its extension.</summary>
    public string NameWithoutExtension => Path.GetFileNameWithoutExtension(_path);

    /// <summary>The extension with its dot, or an empty text.</summary>
    public string Extension => Path.GetExtension(_path);

    /// <summary>The directory that contains this one. The root is its own parent.</summary>
    public AbsolutePath Parent => Path.GetDirectoryName(_path) is { Length: > 0 } parent ? new AbsolutePath(parent) : this;

    /// <summary>Joins a relative part, or <c>..</c>.</summary>
    /// <exception cref="ArgumentException">The right side is absolute: it would replace the left one. Where that is meant, use <see cref="Resolve"/>.</exception>
    public static AbsolutePath operator /(AbsolutePath left, string right) => Path.IsPathRooted(right)
        ? throw new ArgumentException($"'{right}' cannot be joined to '{left}': it is not relative. Leave out what it begins with, or use AbsolutePath.Resolve when it may stand for itself.", nameof(right))
        : Resolve(left, right);

    /// <summary>Appends text to the last part.</summary>
    public static AbsolutePath operator +(AbsolutePath left, string right) => Create(left._path + right);

    /// <summary>Text with the path behind it.</summary>
    public static string operator +(string left, AbsolutePath right) => string.Concat(left, right?._path);

    /// <summary>The text of the path.</summary>
    [return: NotNullIfNotNull(nameof(path))]
    public static implicit operator string?(AbsolutePath? path) => path?._path;

    /// <summary>Makes a path from text; see <see cref="Create"/>.</summary>
    [return: NotNullIfNotNull(nameof(path))]
    public static implicit operator AbsolutePath?(string? path) => path is null ? null : Create(path);

    /// <summary>Whether a file is there.</summary>
    public bool FileExists() => File.Exists(_path);

    /// <summary>Whether a directory is there.</summary>
    public bool DirectoryExists() => Directory.Exists(_path);

    /// <summary>Whether a file or a directory is there.</summary>
    public bool Exists() => Path.Exists(_path);

    /// <summary>This path if a file or directory is there, otherwise null.</summary>
    public AbsolutePath? Existing() => Exists() ? this : null;

    /// <summary>The same path with another extension, which may be given with or without its dot.</summary>
    public AbsolutePath WithExtension(string extension) => new(Path.ChangeExtension(_path, extension));

    /// <summary>Whether the path ends with one of the extensions (<c>.zip</c>), ignoring case.</summary>
    public bool HasExtension(params string[] extensions) => extensions.Any(x => Extension.Equals(x, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the other path is inside this directory.</summary>
    public bool Contains(AbsolutePath other) => other._path.StartsWith(_path.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, Comparison);

    /// <summary>The path of <paramref name="other"/> as seen from this directory, with forward slashes.</summary>
    public string GetUnixRelativePathTo(AbsolutePath other) => GetRelativePathTo(other).Replace('\\', '/');

    /// <summary>The path of <paramref name="other"/> as seen from this directory.</summary>
    public string GetRelativePathTo(AbsolutePath other) => Path.GetRelativePath(_path, other._path);

    /// <summary>The nearest parent that fulfils the condition, or null.</summary>
    public AbsolutePath? FindParent(Func<AbsolutePath, bool> condition) => Parent == this ? null : Parent.FindParentOrSelf(condition);

    /// <summary>This directory or the nearest parent that fulfils the condition, or null.</summary>
    public AbsolutePath? FindParentOrSelf(Func<AbsolutePath, bool> condition)
    {
        for (var current = this; ; current = current.Parent)
        {
            if (condition(current))
                return current;
            if (current.Parent == current)
                return null;
        }
    }

    /// <summary>Files that match any of the glob patterns (<c>**/*.csproj</c>), in ordinal order. No directory, no files.</summary>
    public IReadOnlyList<AbsolutePath> GlobFiles(params string[] patterns)
    {
        if (!DirectoryExists())
            return [];
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        return [.. matcher.GetResultsInFullPath(_path).Select(Create).Order()];
    }

    /// <summary>Directories that match any of the glob patterns (<c>**/bin</c>), in ordinal order, links not followed.</summary>
    public IReadOnlyList<AbsolutePath> GlobDirectories(params string[] patterns)
    {
        if (!DirectoryExists())
            return [];
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return
        [
            .. Directory.EnumerateDirectories(_path, "*", options)
                .Where(x => matcher.Match(Path.GetRelativePath(_path, x)).HasMatches)
                .Select(Create)
                .Order(),
        ];
    }

    /// <summary>The files directly in this directory.</summary>
    public IReadOnlyList<AbsolutePath> GetFiles(string pattern = "*") =>
        DirectoryExists() ? [.. Directory.EnumerateFiles(_path, pattern).Select(Create).Order()] : [];

    /// <summary>The directories directly in this directory.</summary>
    public IReadOnlyList<AbsolutePath> GetDirectories(string pattern = "*") =>
        DirectoryExists() ? [.. Directory.EnumerateDirectories(_path, pattern).Select(Create).Order()] : [];

    /// <summary>Makes the directory and its parents if missing.</summary>
    public AbsolutePath CreateDirectory()
    {
        Directory.CreateDirectory(_path);
        return this;
    }

    /// <summary>Makes the directory, empty.</summary>
    public AbsolutePath CreateOrCleanDirectory()
    {
        DeleteDirectory();
        return CreateDirectory();
    }

    /// <summary>Deletes the directory with all it contains; nothing happens when it is not there. Read-only files are deleted too.</summary>
    public void DeleteDirectory()
    {
        if (!DirectoryExists())
            return;
        if (!OperatingSystem.IsWindows())
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
            foreach (var directory in Directory.EnumerateDirectories(_path, "*", options).Prepend(_path).ToList())
                File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.UserRead);
        }
        else
        {
            foreach (var file in Directory.EnumerateFiles(_path, "*", SearchOption.AllDirectories))
                File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(_path, recursive: true);
    }

    /// <summary>Deletes the file if it is there.</summary>
    public void DeleteFile()
    {
        if (FileExists())
            File.Delete(_path);
    }

    /// <summary>All of the text of the file.</summary>
    public string ReadAllText() => File.ReadAllText(_path);

    /// <summary>All lines of the file.</summary>
    public string[] ReadAllLines() => File.ReadAllLines(_path);

    /// <summary>Writes the text whole or not at all; see <see cref="AtomicFile"/>.</summary>
    public AbsolutePath WriteAllText(string content)
    {
        AtomicFile.Write(this, content);
        return this;
    }

    /// <inheritdoc/>
    public bool Equals(AbsolutePath? other) => other is not null && string.Equals(_path, other._path, Comparison);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AbsolutePath);

    /// <inheritdoc/>
    public override int GetHashCode() => _path.GetHashCode(Comparison);

    /// <inheritdoc/>
    public int CompareTo(AbsolutePath? other) => string.Compare(_path, other?._path, Comparison);

    /// <summary>Whether both are the same path.</summary>
    public static bool operator ==(AbsolutePath? left, AbsolutePath? right) => Equals(left, right);

    /// <summary>Whether the paths differ.</summary>
    public static bool operator !=(AbsolutePath? left, AbsolutePath? right) => !Equals(left, right);

    /// <summary>Ordinal order.</summary>
    public static bool operator <(AbsolutePath left, AbsolutePath right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(AbsolutePath left, AbsolutePath right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(AbsolutePath left, AbsolutePath right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(AbsolutePath left, AbsolutePath right) => left.CompareTo(right) >= 0;

    /// <summary>The path as text.</summary>
    public override string ToString() => _path;
}
