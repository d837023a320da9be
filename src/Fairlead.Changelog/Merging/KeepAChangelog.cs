using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>
/// Puts a release into a changelog file that people wrote (Keep a Changelog 1.1.0, and what is near it). Nothing else in the file changes. What stands under <c>Unreleased</c>
/// becomes the first part of the release; to put in what is there already changes nothing. Pure: text to text.
/// </summary>
public static class KeepAChangelog
{
    const string Head = """
        # Changelog

        All notable changes to this project are told in this file.

        The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), and versions follow [Semantic Versioning](https://semver.org/spec/v2.0.0.html).

        """;

    /// <summary>The text of the file with the release in it.</summary>
    /// <param name="text">The text of the file, a byte order mark included; empty when there is none yet.</param>
    /// <param name="release">The release.</param>
    /// <param name="file">The name of the file, for messages.</param>
    /// <param name="foldPreReleases">Whether the sections of pre-releases of the same version become a part of it, when it is not a pre-release itself.</param>
    /// <exception cref="ProblemsException">There is no place for it, or it is there with another text.</exception>
    public static string Insert(string text, KeepAChangelogRelease release, string file = "CHANGELOG.md", bool foldPreReleases = true)
    {
        if (text.StartsWith('\uFEFF'))
            return '\uFEFF' + Insert(text[1..], release, file, foldPreReleases);
        if (string.IsNullOrWhiteSpace(text))
            return First(release);
        var parsed = ChangelogFile.Parse(text);
        if (parsed.Unclosed is { } unclosed)
            throw new ProblemsException([new Problem("A comment or code begins here and does not end, so what follows would not be seen.", "End it with --> or with the marks that it begins with.", new SourceLocation(file, unclosed + 1, 1))]);
        if (!parsed.HasHeading)
            throw new ProblemsException([new Problem("There is no heading in the file, so there is no place for a release.", "Begin it with a line '# Changelog', or remove it: a new one is made then.", new SourceLocation(file, 1, 1))]);
        if (Second(parsed.Sections.Where(x => x.Title!.Version is null)) is { } otherUnreleased)
            throw Refusal(file, otherUnreleased, "What is not released has a second heading here, so it is not clear what belongs to the release.", "Put the two sections together.");
        if (Second(parsed.Releases.Where(x => Same(x.Title!.Version!, release.Version))) is { } other)
            throw Refusal(file, other, $"The release {release.Version} has a second heading here.", "Put the two sections together, or remove one.");
        if (parsed.Releases.FirstOrDefault(x => Same(x.Title!.Version!, release.Version)) is { } there)
        {
            return Missing(parsed, there, release) is not { } missing ? text : throw Refusal(
                file, there, $"The release {release.Version} is in the file already, and without the entry '{missing.Split('\n')[0]}'.",
                "Remove its section to have it written anew, or add the entry yourself.");
        }

        var insertion = new Insertion(parsed, release, foldPreReleases);
        var result = insertion.Apply();
        // Whatever the file is like: a release that would not be found again, whole and once, is not written.
        var after = ChangelogFile.Parse(result);
        if (after.Unclosed is null && after.Releases.Where(x => Same(x.Title!.Version!, release.Version)).ToList() is [var written] && Missing(after, written, release) is null)
            return result;
        throw new ProblemsException([new Problem(
            $"The release {release.Version} would stand here, and could not be told from the lines around it.",
            "Look for a heading, a link definition, a line of === or a comment near this line that does not belong there.",
            new SourceLocation(file, insertion.Line + 1, 1))]);
    }

    static FileSection? Second(IEnumerable<FileSection> sections) => sections.Skip(1).FirstOrDefault();

    /// <summary>The first entry of the release that a section does not have.</summary>
    static string? Missing(ChangelogFile file, FileSection section, KeepAChangelogRelease release)
    {
        var body = new ReleaseBody(FileStyle.Of(file));
        body.Add(file.Lines[section.Body..section.End]);
        var texts = body.Texts.ToHashSet(StringComparer.Ordinal);
        return release.Entries.FirstOrDefault(x => !texts.Contains(ReleaseBody.Plain(x.Entry))).Entry;
    }

    static ProblemsException Refusal(string file, FileSection section, string message, string remedy) =>
        new([new Problem(message, remedy, new SourceLocation(file, section.Start + 1, 1))]);

    internal static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    static string First(KeepAChangelogRelease release)
    {
        var links = release.Links;
        var text = new StringBuilder(Head.ReplaceLineEndings("\n")).Append('\n').Append(links is null ? "## Unreleased\n\n" : "## [Unreleased]\n\n");
        var style = FileStyle.Of(ChangelogFile.Parse(text.ToString()));
        var title = new ReleaseTitle(release.Version, "", links is not null, null, " - 0000-00-00").For(release.Version, release.Date, _ => null);
        var body = new ReleaseBody(style);
        foreach (var (section, entry) in release.Entries)
            body.Add(section, entry);
        text.Append(style.ReleaseHeading(title)).Append(body.ToString() is { Length: > 0 } told ? "\n" + told : "");
        if (links is not null)
        {
            var tag = release.Tags.This ?? $"v{release.Version}";
            text.Append("\n[Unreleased]: ").Append(links.Compare(tag, "HEAD")).Append('\n');
            text.Append('[').Append(release.Version).Append("]: ").Append(release.Tags.Previous is { } previous ? links.Compare(previous, tag) : links.Tag(tag)).Append('\n');
        }

        return text.ToString();
    }
}
