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
sealed partial record StagedTree(AbsolutePath Root, ImmutableArray<string> Files, ImmutableArray<string> InlineIgnores)
{
    const string Prefix = "sources/";

    static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Copies the sources of a repository.</summary>
    public static async Task<StagedTree> OfSourcesAsync(IProcessRunner processes, AbsolutePath sources, AbsolutePath target, CancellationToken cancellationToken)
    {
        var files = await KnownToGitAsync(processes, sources, cancellationToken)
            ?? [.. Directory.EnumerateFiles(sources, "*", Everything).Select(x => sources.GetUnixRelativePathTo(AbsolutePath.Create(x))).Where(x => !$"/{x}".Contains("/.git/", StringComparison.Ordinal))];
        return Copy(target, files.Order(StringComparer.Ordinal).Select(x => (sources / x, x)), cancellationToken);
    }

    /// <summary>Copies directories, each under its name.</summary>
    public static StagedTree OfDirectories(IEnumerable<(string Name, AbsolutePath Directory)> directories, AbsolutePath target, CancellationToken cancellationToken) => Copy(
        target,
        directories.SelectMany(x => Directory.EnumerateFiles(x.Directory, "*", Everything).Order(StringComparer.Ordinal)
            .Select(y => (AbsolutePath.Create(y), $"{x.Name}/{x.Directory.GetUnixRelativePathTo(AbsolutePath.Create(y))}"))),
        cancellationToken);

    /// <summary>The path of a file of the tree as a report has it; null when it is not one of the tree's.</summary>
    public static string? PathOf(string target) => target == Prefix[..^1] ? "." : target.StartsWith(Prefix, StringComparison.Ordinal) ? target[Prefix.Length..] : null;

    /// <summary>Where a file of the tree is.</summary>
    public AbsolutePath At(string file) => Root / Prefix / file;

    static StagedTree Copy(AbsolutePath target, IEnumerable<(AbsolutePath From, string Path)> files, CancellationToken cancellationToken)
    {
        (target / Prefix).CreateDirectory();
        var copied = ImmutableArray.CreateBuilder<string>();
        var ignores = ImmutableArray.CreateBuilder<string>();
        foreach (var (from, path) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Deleted but still in the index; a link (its target is scanned where it is); a submodule's directory.
            var file = new FileInfo(from);
            if (!file.Exists || file.LinkTarget is not null)
                continue;
            var to = target / Prefix / path;
            to.Parent.CreateDirectory();
            if (ConfigurationFiles.MayBeOne(path) && file.Length < 4_000_000)
                ignores.AddRange(CopyWithoutIgnores(from, to, path));
            else
                File.Copy(from, to);
            copied.Add(path);
        }

        return new StagedTree(target, copied.ToImmutable(), ignores.ToImmutable());
    }

    /// <summary>The comments get one other letter, so that lines and columns stay.</summary>
    static IEnumerable<string> CopyWithoutIgnores(AbsolutePath from, AbsolutePath to, string path)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(from));
        var found = InlineIgnore().Matches(text);
        File.WriteAllBytes(to, Encoding.Latin1.GetBytes(InlineIgnore().Replace(text, x => x.Value.Replace(':', '_'))));
        return found.Select(x => $"{path}:{text.AsSpan(0, x.Index).Count('\n') + 1}").ToList();
    }

    static async Task<ImmutableArray<string>?> KnownToGitAsync(IProcessRunner processes, AbsolutePath sources, CancellationToken cancellationToken)
    {
        try
        {
            var names = new List<string>();
            // Two questions, because git answers for submodules only what is in their index.
            foreach (var question in new string[][] { ["--cached", "--recurse-submodules"], ["--others", "--exclude-standard"] })
            {
                using var output = new MemoryStream();
                await processes.ReadAsync(Git.Command(sources, ["ls-files", "-z", .. question]), x => output.Write(x), cancellationToken);
                names.AddRange(Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length).Split('\0', StringSplitOptions.RemoveEmptyEntries));
            }

            return [.. names.Distinct(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is ProcessFailedException or ToolNotFoundException)
        {
            return null;
        }
    }

    [GeneratedRegex("(?:trivy|tfsec):ignore", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex InlineIgnore();
}
