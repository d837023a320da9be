using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// A copy of what is to be scanned, in a directory of our own, beside the canaries. It has the files that git knows or would take, so neither what is ignored nor
/// a directory that Trivy passes over by its name (<c>dev</c>, <c>proc</c>) at the root makes a difference.
/// </summary>
/// <param name="Root">The directory to scan.</param>
/// <param name="Files">The files, relative to what was copied, with forward slashes, in ordinal order.</param>
/// <param name="InlineIgnores">Places of comments that would make Trivy pass over a finding; they were made ineffective in the copy.</param>
/// <param name="Unread">Files and directories that are there and cannot be read, so that nobody looks at them.</param>
sealed partial record StagedTree(AbsolutePath Root, ImmutableArray<string> Files, ImmutableArray<string> InlineIgnores, ImmutableArray<string> Unread)
{
    const string Prefix = "sources/";

    const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const int UnreadNamed = 5;

    static readonly EnumerationOptions OneDirectory = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Why a scan of it has failed; null when everything was read.</summary>
    public string? Failure => Unread.IsEmpty
        ? null
        : $"These cannot be read, so nobody looked at them: {string.Join(", ", Unread.Take(UnreadNamed).Select(x => $"'{Printable.Line(x)}'"))}{(Unread.Length > UnreadNamed ? $" and {Unread.Length - UnreadNamed} more" : "")}. "
            + "Give the build the right to read them, and names in UTF-8.";

    /// <summary>Copies the sources of a repository.</summary>
    public static async Task<StagedTree> OfSourcesAsync(IProcessRunner processes, AbsolutePath sources, AbsolutePath target, CancellationToken cancellationToken)
    {
        var unread = new List<string>();
        var files = await KnownToGitAsync(processes, sources, unread, cancellationToken)
            ?? [.. FilesIn(sources, sources, unread, ".git").Select(x => sources.GetUnixRelativePathTo(x))];
        return Copy(target, files.Order(StringComparer.Ordinal).Select(x => (sources / x, x)), unread, cancellationToken);
    }

    /// <summary>Copies directories, each under its name.</summary>
    public static StagedTree OfDirectories(IEnumerable<(string Name, AbsolutePath Directory)> directories, AbsolutePath target, CancellationToken cancellationToken)
    {
        var unread = new List<string>();
        return Copy(
            target,
            directories.SelectMany(x => FilesIn(x.Directory, x.Directory, unread, except: null).Select(y => (From: y, Path: $"{x.Name}/{x.Directory.GetUnixRelativePathTo(y)}"))).OrderBy(x => x.Path, StringComparer.Ordinal).ToList(),
            unread,
            cancellationToken);
    }

    /// <summary>The path of a file of the tree as a report has it; null when it is not one of the tree's.</summary>
    public static string? PathOf(string target) => target == Prefix[..^1] ? "." : target.StartsWith(Prefix, StringComparison.Ordinal) ? target[Prefix.Length..] : null;

    /// <summary>Where a file of the tree is.</summary>
    public AbsolutePath At(string file) => Root / Prefix / file;

    /// <summary>All files below a directory, but not in directories of the excepted name; links are no files.</summary>
    static List<AbsolutePath> FilesIn(AbsolutePath root, AbsolutePath directory, List<string> unread, string? except)
    {
        var files = new List<AbsolutePath>();
        try
        {
            foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", OneDirectory))
            {
                if (entry.LinkTarget is not null || entry.Name == except)
                    continue;
                var path = AbsolutePath.Create(entry.FullName);
                if (entry is DirectoryInfo)
                    files.AddRange(FilesIn(root, path, unread, except));
                else
                    files.Add(path);
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            unread.Add(root == directory ? directory : root.GetUnixRelativePathTo(directory));
        }

        return files;
    }

    static StagedTree Copy(AbsolutePath target, IEnumerable<(AbsolutePath From, string Path)> files, List<string> unread, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
            Directory.CreateDirectory(target, Mine);
        (target / Prefix).CreateDirectory();
        var copied = ImmutableArray.CreateBuilder<string>();
        var ignores = ImmutableArray.CreateBuilder<string>();
        foreach (var (from, path) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // Deleted but still in the index; a link (its target is scanned where it is); a submodule's directory.
                var attributes = File.GetAttributes(from);
                if (attributes.HasFlag(FileAttributes.Directory) || new FileInfo(from) is { LinkTarget: not null })
                    continue;
                var to = target / Prefix / path;
                to.Parent.CreateDirectory();
                if (ConfigurationFiles.MayBeOne(path) && new FileInfo(from).Length < 4_000_000)
                    ignores.AddRange(CopyWithoutIgnores(from, to, path));
                else
                    File.Copy(from, to);
                // Whether it is a program says what is looked for in it.
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(to, (File.GetUnixFileMode(to) & Mine) | UnixFileMode.UserRead | UnixFileMode.UserWrite);
                copied.Add(path);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                // A name that is not UTF-8 comes with replacement characters, and no file has that name.
                if (path.Contains('\uFFFD', StringComparison.Ordinal))
                    unread.Add(path);
            }
            catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
            {
                unread.Add(path);
            }
        }

        return new StagedTree(target, copied.ToImmutable(), ignores.ToImmutable(), [.. unread.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The comments get one other letter, so that lines and columns stay.</summary>
    static IEnumerable<string> CopyWithoutIgnores(AbsolutePath from, AbsolutePath to, string path)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(from));
        var found = InlineIgnore().Matches(text);
        File.WriteAllBytes(to, Encoding.Latin1.GetBytes(InlineIgnore().Replace(text, x => x.Value.Replace(':', '_'))));
        return found.Select(x => $"{path}:{text.AsSpan(0, x.Index).Count('\n') + 1}").ToList();
    }

    static async Task<ImmutableArray<string>?> KnownToGitAsync(IProcessRunner processes, AbsolutePath sources, List<string> unread, CancellationToken cancellationToken)
    {
        try
        {
            var names = new List<string>();
            // Two questions, because git answers for submodules only what is in their index.
            foreach (var question in new string[][] { ["--cached", "--recurse-submodules"], ["--others", "--exclude-standard"] })
            {
                using var output = new MemoryStream();
                var result = await processes.ReadAsync(Git.Command(sources, ["ls-files", "-z", .. question]), x => output.Write(x), cancellationToken);
                // 'warning: could not open directory 'x/': Permission denied', with exit code 0.
                unread.AddRange(result.Lines.Select(x => x.Text).Where(x => x.Contains("could not open directory", StringComparison.Ordinal)));
                AddNames(output.ToArray(), names, unread);
            }

            return [.. names.Distinct(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is ProcessFailedException or ToolNotFoundException)
        {
            return null;
        }
    }

    static void AddNames(ReadOnlySpan<byte> output, List<string> names, List<string> unread)
    {
        foreach (var range in output.Split((byte)0))
        {
            if (output[range].IsEmpty)
                continue;
            try
            {
                names.Add(Strict.GetString(output[range]));
            }
            catch (DecoderFallbackException)
            {
                unread.Add(Encoding.UTF8.GetString(output[range]));
            }
        }
    }

    [GeneratedRegex("(?:trivy|tfsec):ignore", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex InlineIgnore();
}
