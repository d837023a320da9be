using System.Collections.Immutable;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>
/// Checks, before the release is sealed, that everything is there that a release needs: Package prints the list with its evidence, and seals nothing while an item fails. What an item says goes into <c>release.json</c>.
/// </summary>
public interface IReleaseChecklist : IHazChangelog, IHazArtifacts
{
    /// <summary>The kinds of verdict that must have passed here already; others may be not done, and environments decide. Default: the tests.</summary>
    ImmutableArray<string> RequiredForRelease => [VerdictKinds.Tests];

    /// <summary>The Markdown files whose links are checked: by default README.md and everything below <c>docs</c>.</summary>
    IEnumerable<AbsolutePath> DocumentationFiles => RootDirectory.GlobFiles("*.md", "docs/**/*.md");

    /// <summary>The changelog, which must tell of a release that is no pre-release.</summary>
    AbsolutePath ChangelogFile => RootDirectory / "CHANGELOG.md";

    /// <summary>Whether the changelog tells of the release.</summary>
    /// <param name="notes">What users are told.</param>
    Verdict CheckChangelog(string notes)
    {
        var entries = notes.Split('\n').Count(x => x.TrimStart().StartsWith("- ", StringComparison.Ordinal) || x.TrimStart().StartsWith("* ", StringComparison.Ordinal));
        var told = entries == 0 ? "The notes tell of nothing that users notice" : $"The notes tell of {entries} changes";
        if (Version.Version.IsPreRelease || !ChangelogFile.FileExists())
            return new Verdict(VerdictKinds.Changelog, VerdictOutcome.Passed, $"{told}.");
        var name = RootDirectory.GetUnixRelativePathTo(ChangelogFile);
        var heading = $"{Version.Version}";
        return ChangelogFile.ReadAllText().Split('\n').Any(x => x.StartsWith('#') && x.Split(' ', '[', ']', '(', ')').Any(y => y.TrimStart('v') == heading))
            ? new Verdict(VerdictKinds.Changelog, VerdictOutcome.Passed, $"{told}; '{name}' has a section for {heading}.")
            : new Verdict(VerdictKinds.Changelog, VerdictOutcome.Failed, $"'{name}' has no section for {heading}. './build.sh Tag' writes it.");
    }

    /// <summary>Whether the documentation is in order.</summary>
    Verdict CheckDocumentation() => DocumentationLinks.Check(RootDirectory, [.. DocumentationFiles]);

    /// <summary>What keeps the release from being sealed; empty when nothing does.</summary>
    internal sealed IReadOnlyList<Verdict> Missing(IReadOnlyCollection<Verdict> verdicts) =>
    [
        .. RequiredForRelease.Except(verdicts.Select(x => x.Kind), StringComparer.Ordinal).Select(x => new Verdict(x, VerdictOutcome.NotDone, "Nobody has reported it for this tree.")),
        .. verdicts.Where(x => x.Outcome == VerdictOutcome.Failed || (x.Outcome == VerdictOutcome.NotDone && RequiredForRelease.Contains(x.Kind))),
    ];
}
