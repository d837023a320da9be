using System.Text.RegularExpressions;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>
/// Which tags name versions. When nobody says how versions are made: a prefix and two to four numbers, with or without a pre-release. One number alone (<c>v4</c>) does not: such tags are moved from
/// release to release.
/// </summary>
sealed partial class TagNames
{
    static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    readonly Regex _prefix;
    readonly Func<string, SemanticVersion?>? _versionOf;

    /// <param name="prefix">A regular expression for what stands before the version, in large or small letters.</param>
    /// <param name="versioning">How versions are made: its prefix and format count then.</param>
    public TagNames(string prefix, VersioningConfiguration? versioning = null)
    {
        prefix = versioning?.TagPrefix ?? prefix;
        _versionOf = versioning is null ? null : VersionTags.Reader(versioning);
        try
        {
            _prefix = new Regex($"^(?:{prefix})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, MatchLimit);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException($"The tag prefix '{prefix}' is not a regular expression: {exception.Message}", "Write, for instance, [vV]? or core-v", exception);
        }
    }

    /// <summary>The version that a tag names, and how it writes it; null when it names none.</summary>
    public (SemanticVersion Version, string Label)? Read(string tag)
    {
        try
        {
            var prefix = _prefix.Match(tag);
            if (!prefix.Success)
                return null;
            var label = tag[prefix.Length..];
            var own = VersionOf(label);
            if (_versionOf is null)
                return own is null ? null : (own, label);
            // Of equal versions this room's own knows the fourth number, too.
            return _versionOf(tag) is { } version ? (version == own ? own! : version, label) : null;
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new UserErrorException($"The tag prefix '{_prefix}' takes too long on the tag '{tag}'.", "Simplify it.", exception);
        }
    }

    /// <summary>The version of a text that may be written loosely; null when it is none.</summary>
    public static SemanticVersion? VersionOf(string label)
    {
        if (SemanticVersion.TryParse(label, out var strict))
            return strict.PreRelease.Length > 0 || strict.Metadata.Length == 0 ? new SemanticVersion(strict.Major, strict.Minor, strict.Patch, strict.PreRelease) : strict.Core;
        var match = Loose().Match(label);
        if (!match.Success)
            return null;
        string Part(string name) => match.Groups[name].Value;
        var text = $"{Part("major")}.{Part("minor")}.{(Part("patch") is { Length: > 0 } patch ? patch : "0")}";
        if (Part("pre") is { Length: > 0 } preRelease)
            text += $"-{preRelease}";
        return SemanticVersion.TryParse(text + (Part("fourth") is { Length: > 0 } fourth ? $"+{fourth}" : ""), out var version) ? version : null;
    }

    [GeneratedRegex(
        @"\A(?<major>[0-9]+)\.(?<minor>[0-9]+)(\.(?<patch>[0-9]+)(\.(?<fourth>[0-9]+))?)?(-?(?<pre>[A-Za-z][0-9A-Za-z.-]*))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Loose();
}
