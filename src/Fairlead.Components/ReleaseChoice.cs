using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>What <c>--release</c> says: what kind of release is to be made, which version it has, or where a sealed one is.</summary>
/// <param name="Type"><c>major</c>, <c>minor</c>, <c>patch</c> or <c>hotfix</c>.</param>
/// <param name="Version">A version.</param>
/// <param name="Path">A <c>release.json</c>, or its directory.</param>
public sealed record ReleaseChoice(ReleaseType? Type, SemanticVersion? Version, AbsolutePath? Path)
{
    /// <summary>Reads what was typed.</summary>
    /// <param name="text">A kind, a version (with or without a <c>v</c>), or a path.</param>
    /// <param name="directory">What a relative path is relative to.</param>
    /// <exception cref="UserErrorException">It is none of these.</exception>
    public static ReleaseChoice Parse(string text, AbsolutePath directory)
    {
        var types = Enum.GetValues<ReleaseType>();
        if (types.Any(x => $"{x}".Equals(text, StringComparison.OrdinalIgnoreCase)))
            return new ReleaseChoice(Enum.Parse<ReleaseType>(text, ignoreCase: true), null, null);
        if (SemanticVersion.TryParse(text.TrimStart('v', 'V'), out var version))
            return new ReleaseChoice(null, version, null);
        var path = AbsolutePath.Resolve(directory, text);
        return path.Exists()
            ? new ReleaseChoice(null, null, path)
            : throw new UserErrorException(
                $"'--release {text}' is no kind of release (major, minor, patch, hotfix), no version, and no release.json or its directory: '{path}' does not exist.",
                Suggestion.Sentence(text, types.Select(x => $"{x}".ToLowerInvariant())))
            { ExitCode = Engine.ExitCodes.Usage };
    }
}
