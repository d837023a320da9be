using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Remembers, in <c>fairlead/</c> inside the git directory, which commits were searched with which test and what was found, so that the next run
/// asks about newer commits alone. Commits never change, so this cannot grow stale; it may be deleted at any time.
/// </summary>
/// <param name="gitDirectory">The git directory that all work trees share.</param>
sealed class SearchMemory(AbsolutePath gitDirectory)
{
    const string Header = "fairlead search 1";
    const int MostHeads = 32;

    public static readonly Entry Nothing = new([], []);

    /// <summary>Whether nothing is remembered of this repository.</summary>
    public bool IsEmpty => !(gitDirectory / "fairlead").DirectoryExists() || !(gitDirectory / "fairlead").GetFiles("search-*").Any();

    public Entry Recall(string key)
    {
        try
        {
            var file = FileOf(key);
            return file.FileExists() && Parse(File.ReadAllLines(file), key) is { } entry ? entry : Nothing;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Nothing;
        }
    }

    /// <param name="key">The test.</param>
    /// <param name="entry">What is known now.</param>
    public void Remember(string key, Entry entry)
    {
        var heads = entry.Heads.Distinct(StringComparer.Ordinal).Take(MostHeads).ToList();
        try
        {
            Directory.CreateDirectory(gitDirectory / "fairlead");
            AtomicFile.Write(
                FileOf(key), string.Join('\n', [Header, Digest(key), .. heads.Select(x => "head " + x), .. entry.Matches.Select(x => "match " + x), "end"]) + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A repository that cannot be written to is searched anew each time.
        }
    }

    AbsolutePath FileOf(string key) => gitDirectory / "fairlead" / $"search-{Digest(key)[..16]}";

    static Entry? Parse(string[] lines, string key) =>
        lines.Length >= 3 && lines[0] == Header && lines[1] == Digest(key) && lines[^1] == "end"
            ? new Entry(
                [.. lines.Where(x => x.StartsWith("head ", StringComparison.Ordinal)).Select(x => x[5..])],
                [.. lines.Where(x => x.StartsWith("match ", StringComparison.Ordinal)).Select(x => x[6..])])
            : null;

    static string Digest(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <param name="Heads">All that can be reached from these has been searched.</param>
    /// <param name="Matches">What was found.</param>
    public sealed record Entry(IReadOnlyList<string> Heads, IReadOnlyList<string> Matches);
}
