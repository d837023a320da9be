using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>
/// A changelog file as people write it: only headings of releases, their level and link definitions are understood, everything else is lines. Headings in fenced
/// code and in comments are none.
/// </summary>
sealed partial class ChangelogFile
{
    ChangelogFile(List<FileLine> lines, List<FileSection> sections, List<LinkDefinition> definitions, bool hasHeading, int? unclosed) =>
        (Lines, Sections, Definitions, HasHeading, Unclosed) = (lines, sections, definitions, hasHeading, unclosed);

    public List<FileLine> Lines { get; }

    /// <summary>The sections of releases, in the order of the file.</summary>
    public List<FileSection> Sections { get; }

    public List<LinkDefinition> Definitions { get; }

    /// <summary>Whether there is any heading at all.</summary>
    public bool HasHeading { get; }

    /// <summary>Position of the line that begins a comment or fenced code which does not end, or null.</summary>
    public int? Unclosed { get; }

    public FileSection? Unreleased => Sections.FirstOrDefault(x => x.Title!.Version is null);

    public IEnumerable<FileSection> Releases => Sections.Where(x => x.Title!.Version is not null);

    public LinkDefinition? DefinitionOf(string label) => Definitions.FirstOrDefault(x => x.Label.Equals(label, StringComparison.OrdinalIgnoreCase));

    public static ChangelogFile Parse(string text)
    {
        var lines = FileLine.Split(text);
        List<(int Start, int Body, int Level, ReleaseTitle? Title)> headings = [];
        List<LinkDefinition> definitions = [];
        var unclosed = LineScanner.Mark(lines);
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].IsText)
                continue;
            var line = lines[i].Text;
            if (Heading().Match(line) is { Success: true } heading)
                headings.Add((i, i + 1, heading.Groups["marks"].Length, ReleaseTitle.Parse(heading.Groups["text"].Value)));
            else if (i + 1 < lines.Count && lines[i + 1].IsText && Underline().Match(lines[i + 1].Text) is { Success: true } underline && ReleaseTitle.Parse(line.Trim()) is { } title)
                headings.Add((i, i + 2, underline.Value.TrimStart()[0] == '=' ? 1 : 2, title));
            else if (LinkDefinition.Parse(lines, i) is { } definition)
                definitions.Add(definition);
        }

        return new ChangelogFile(lines, SectionsOf(headings, definitions, lines.Count), definitions, headings.Count > 0, unclosed);
    }

    // Releases have the level of the first of them; what is deeper is inside of them.
    static List<FileSection> SectionsOf(List<(int Start, int Body, int Level, ReleaseTitle? Title)> headings, List<LinkDefinition> definitions, int count)
    {
        var first = headings.FindIndex(x => x.Title is not null);
        if (first < 0)
            return [];
        var level = headings[first].Level;
        var outer = headings.Where(x => x.Level <= level).ToList();
        List<FileSection> sections = [];
        for (var i = 0; i < outer.Count; i++)
        {
            var heading = outer[i];
            if (heading.Title is null || heading.Level != level)
                continue;
            var end = i + 1 < outer.Count ? outer[i + 1].Start : count;
            if (definitions.FirstOrDefault(x => x.Start >= heading.Body && x.Start < end && ReleaseTitle.Parse(x.Label) is not null) is { } definition)
                end = definition.Start;
            sections.Add(new FileSection(heading.Start, heading.Body, end, level, heading.Title));
        }

        return sections;
    }

    [GeneratedRegex(@"\A {0,3}(?<marks>#{1,6})[ \t]+(?<text>.*?)[ \t]*(#+[ \t]*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\A {0,3}(-{3,}|={3,})[ \t]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Underline();
}
