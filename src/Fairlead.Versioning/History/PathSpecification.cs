namespace Fairlead.Versioning;

/// <summary>What git is told of a path of a package.</summary>
public static class PathSpecification
{
    /// <summary>The path as git's pathspec, from the root of the work tree.</summary>
    /// <param name="path">A directory, a file or a pattern; with <c>!</c> before it, it is left out.</param>
    public static string Of(string path) => path.StartsWith('!') ? $":(top,exclude){path[1..]}" : $":(top){path}";
}
