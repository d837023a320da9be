using Microsoft.Extensions.FileSystemGlobbing;

namespace Fairlead.SupplyChain;

/// <summary>Patterns of paths: <c>*</c> for a part of a name, <c>**</c> for any directories.</summary>
static class Globs
{
    /// <summary>Whether a path, relative and with forward slashes, matches one of the patterns.</summary>
    public static bool Match(IEnumerable<string> patterns, string path) => Compile(patterns)(path);

    /// <summary>The same for many paths.</summary>
    public static Func<string, bool> Compile(IEnumerable<string> patterns)
    {
        var list = patterns.ToList();
        if (list.Count == 0)
            return _ => false;
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(list);
        // A path that leaves its directory, or none, is no file of the tree: the matcher would take it for something else.
        return path => path.Length > 0 && !path.StartsWith('/') && !path.StartsWith("..", StringComparison.Ordinal) && matcher.Match(path).HasMatches;
    }
}
