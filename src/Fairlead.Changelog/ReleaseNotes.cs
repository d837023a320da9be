using System.Text;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>Release notes in Markdown, made of commits alone: the same commits give the same notes.</summary>
public static class ReleaseNotes
{
    const int ShortId = 7;

    /// <summary>
    /// The notes of some commits: breaking changes first, with what users have to do, then features, fixes and everything else, each in the
    /// order given. Merge commits that say nothing of their own are left out. No commits, no text.
    /// </summary>
    /// <param name="commits">The commits, in the order to show them.</param>
    /// <param name="links">Where a commit can be seen; null: its id is shown without a link.</param>
    public static string Write(IEnumerable<GitCommit> commits, CommitLinks? links = null)
    {
        var changes = commits
            .Select(x => (Commit: x, Change: ConventionalCommit.Parse(x.Message)))
            .Where(x => x.Change.Type is not null || (x.Commit.Parents.Length < 2 && x.Change.Description.Length > 0))
            .ToLookup(x => SectionOf(x.Change));
        var notes = new StringBuilder();
        foreach (var section in Enum.GetValues<Section>())
        {
            if (!changes[section].Any())
                continue;
            notes.Append(notes.Length > 0 ? "\n" : "").Append("### ").Append(Title(section)).Append("\n\n");
            foreach (var (commit, change) in changes[section])
                WriteChange(notes, section, commit, change, links);
        }

        return notes.ToString();
    }

    static void WriteChange(StringBuilder notes, Section section, GitCommit commit, ConventionalCommit change, CommitLinks? links)
    {
        notes.Append("- ");
        if (change.Scope is not null)
            notes.Append("**").Append(Markdown.Line(change.Scope)).Append(":** ");
        notes.Append(Markdown.Line(change.Description)).Append(' ');
        var id = commit.Id[..Math.Min(ShortId, commit.Id.Length)];
        notes.Append(links is null ? $"({id})" : $"([{id}]({links.For(commit.Id)}))").Append('\n');
        if (section == Section.Breaking && change.Migration is { Length: > 0 } migration)
            notes.Append('\n').Append(Markdown.Lines(migration, "  ")).Append('\n');
    }

    static Section SectionOf(ConventionalCommit change) => change switch
    {
        { IsBreaking: true } => Section.Breaking,
        { Type: "feat" } => Section.Features,
        { Type: "fix" } => Section.Fixes,
        _ => Section.Other,
    };

    static string Title(Section section) => section switch
    {
        Section.Breaking => "Breaking changes",
        Section.Features => "Features",
        Section.Fixes => "Fixes",
        _ => "Other changes",
    };

    enum Section
    {
        Breaking,
        Features,
        Fixes,
        Other,
    }
}
