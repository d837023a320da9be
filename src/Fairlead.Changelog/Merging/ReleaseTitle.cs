using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>
/// The text of a heading that names a release, in its parts: <c>[v1.2.0](address) - 2026-01-31</c>. A heading without a version is that of what is not released.
/// </summary>
/// <param name="Version">The version as written, without prefix; null for <c>Unreleased</c>.</param>
/// <param name="Prefix">What stands before the version: <c>v</c>, or nothing.</param>
/// <param name="HasBrackets">Whether brackets are around it.</param>
/// <param name="Url">The address in the heading, or null.</param>
/// <param name="Rest">What stands behind.</param>
sealed partial record ReleaseTitle(string? Version, string Prefix, bool HasBrackets, string? Url, string Rest)
{
    public string Label => Prefix + Version;

    public static ReleaseTitle? Parse(string text)
    {
        var match = Release().Match(text);
        if (!match.Success)
            match = Unreleased().Match(text);
        if (!match.Success || match.Groups["open"].Success != match.Groups["close"].Success)
            return null;
        string? Part(string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
        return new ReleaseTitle(Part("version"), Part("prefix") ?? "", match.Groups["open"].Success, Part("url"), Part("rest")!);
    }

    /// <summary>The title of another version in the same style.</summary>
    public string For(string version, string? date, Func<string, string?> newUrl)
    {
        var label = Prefix + version;
        var url = Url is null ? null : newUrl(Url);
        var name = Url is not null ? (url is null ? label : $"[{label}]({url})") : HasBrackets ? $"[{label}]" : label;
        var dated = Dated().Match(Rest);
        return dated.Success && date is not null ? $"{name}{dated.Groups["before"].Value}{date}{(dated.Groups["before"].Value.Contains('(', StringComparison.Ordinal) ? ")" : "")}" : name;
    }

    const string Number = @"[0-9]+\.[0-9]+(\.[0-9]+){0,2}(-?[A-Za-z][0-9A-Za-z.-]*|-[0-9][0-9A-Za-z.-]*)?(\+[0-9A-Za-z.-]+)?";

    [GeneratedRegex(
        @"\A(?<open>\[)?(?<prefix>(version |release |[\w@/.-]*[-@/])?v?)(?<version>" + Number + @")(?<close>\])?(\((?<url>[^()\s]*)\))?(?<rest>(?![\w.]).*)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Release();

    [GeneratedRegex(
        @"\A(?<open>\[)?unreleased(?<close>\])?(\((?<url>[^()\s]*)\))?(?<rest>(?!\w).*)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Unreleased();

    [GeneratedRegex(@"\A(?<before>[^\w]*)[0-9]{4}-[0-9]{2}-[0-9]{2}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Dated();
}
