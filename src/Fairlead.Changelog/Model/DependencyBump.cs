using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>What a commit says about updated dependencies, in the words of Dependabot and Renovate.</summary>
/// <param name="Package">The name.</param>
/// <param name="From">The version before, or null.</param>
/// <param name="To">The version after.</param>
sealed partial record DependencyBump(string Package, string? From, string To)
{
    const int LongestDescription = 300;

    /// <summary>The updates that a commit makes; none when it makes none.</summary>
    /// <param name="description">The first line, without type, scope and pull request.</param>
    /// <param name="body">The rest; asked only when the first line names a group.</param>
    public static IReadOnlyList<DependencyBump> Find(string description, string body)
    {
        if (description.Length > LongestDescription)
            return [];
        if (Group().IsMatch(description))
            return [.. Listed().Matches(body).Select(Read)];
        var match = FromTo().Match(description);
        if (!match.Success)
            match = ToOnly().Match(description);
        return match.Success ? [Read(match)] : [];
    }

    static DependencyBump Read(Match match) =>
        new(match.Groups["name"].Value, match.Groups["from"] is { Success: true } from ? from.Value : null, match.Groups["to"].Value.TrimEnd('.'));

    [GeneratedRegex(
        @"\A(bumps?|updates?|upgrades?) (dependency |the )?(?<name>\S+) (requirement )?from (?<from>\S+) to (?<to>\S+)( in \S+)?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FromTo();

    [GeneratedRegex(
        @"\A(bumps?|updates?|upgrades?|pin) (dependency |module |plugin |rust crate |gem |helm release |terraform |docker image )?(?<name>\S+)( docker tag| docker digest| action| digest| orb| monorepo| packages)? to (?<to>v?[0-9a-f][\w.+-]*)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ToOnly();

    [GeneratedRegex(@"\Abumps? the \S+ group\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Group();

    [GeneratedRegex(@"^Updates `(?<name>[^`\n]+)` from (?<from>\S+) to (?<to>\S+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listed();
}
