using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>How a changelog file is written, learnt from what is in it; where it says nothing, as Keep a Changelog 1.1.0 has it.</summary>
sealed partial record FileStyle
{
    /// <summary>How lines end.</summary>
    public required string Ending { get; init; }

    /// <summary>Level of the headings of releases.</summary>
    public required int Level { get; init; }

    /// <summary>Whether the headings of releases are underlined instead.</summary>
    public required bool IsUnderlined { get; init; }

    /// <summary>Whether an empty line is under the headings of releases.</summary>
    public required bool SpaceUnderRelease { get; init; }

    /// <summary>Whether an empty line is under the headings inside of them.</summary>
    public required bool SpaceUnderSection { get; init; }

    /// <summary>What begins an entry.</summary>
    public required char Bullet { get; init; }

    public static FileStyle Of(ChangelogFile file)
    {
        var lines = file.Lines;
        var sample = file.Releases.FirstOrDefault(x => x.Body < x.End) ?? file.Sections.FirstOrDefault(x => x.Body < x.End);
        var spaceUnderRelease = sample is null || lines[sample.Body].IsBlank;
        bool? spaceUnderSection = null;
        char? bullet = null;
        foreach (var section in file.Releases.Concat(file.Sections))
        {
            for (var i = section.Body; i < section.End && (spaceUnderSection is null || bullet is null); i++)
            {
                if (!lines[i].IsText)
                    continue;
                if (lines[i].Text.StartsWith(new string('#', section.Level + 1) + " ", StringComparison.Ordinal) && i + 1 < section.End)
                    spaceUnderSection ??= lines[i + 1].IsBlank;
                else if (Entry().IsMatch(lines[i].Text))
                    bullet ??= lines[i].Text[0];
            }
        }

        var first = file.Sections.FirstOrDefault();
        return new FileStyle
        {
            Ending = lines.Count > 0 && lines[0].Ending.Length > 0 ? lines[0].Ending : "\n",
            Level = first?.Level ?? 2,
            IsUnderlined = first is not null && first.Body - first.Start == 2,
            SpaceUnderRelease = spaceUnderRelease,
            SpaceUnderSection = spaceUnderSection ?? spaceUnderRelease,
            Bullet = bullet ?? '-',
        };
    }

    /// <summary>The lines of a heading of a release.</summary>
    public string ReleaseHeading(string title) => IsUnderlined
        ? $"{title}{Ending}{new string(Level == 1 ? '=' : '-', Math.Max(3, title.Length))}{Ending}"
        : $"{new string('#', Level)} {title}{Ending}";

    /// <summary>The line of a heading inside of a release.</summary>
    public string SectionHeading(string title) => $"{new string('#', Level + 1)} {title}{Ending}";

    /// <summary>An entry, of one or several lines.</summary>
    public string EntryOf(string text) => $"{Bullet} {text.ReplaceLineEndings(Ending)}{Ending}";

    /// <summary>Whether a line begins an entry.</summary>
    public static bool BeginsEntry(string line) => Entry().IsMatch(line);

    [GeneratedRegex(@"\A[-*+][ \t]+\S", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Entry();
}
