using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>
/// What is under the heading of a release: entries under headings, and text before the first of those. What people wrote keeps its
/// bytes; a generated entry that says what one of theirs in the same section says is left out.
/// </summary>
sealed partial class ReleaseBody(FileStyle style)
{
    readonly List<Part> _parts = [new Part(null)];

    /// <summary>Whether a heading was there with nothing under it: a form that people fill in.</summary>
    public List<string> EmptyHeadings { get; } = [];

    public IEnumerable<string> Texts => _parts.SelectMany(x => x.Entries).Select(Plain);

    /// <summary>Adds what people wrote.</summary>
    public void Add(IReadOnlyCollection<FileLine> lines)
    {
        var marks = new string('#', style.Level + 1) + " ";
        var part = _parts[0];
        var entry = new StringBuilder();
        var isEmpty = false;
        string? heading = null;
        foreach (var line in lines)
        {
            var startsPart = line.IsText && line.Text.StartsWith(marks, StringComparison.Ordinal);
            if (startsPart || (line.IsText && FileStyle.BeginsEntry(line.Text)))
                Flush();
            if (startsPart)
            {
                if (isEmpty)
                    EmptyHeadings.Add(heading!);
                (heading, isEmpty) = (line.Text, true);
                part = PartOf(line.Text[marks.Length..].Trim(), line.Text + style.Ending);
                continue;
            }

            if (!line.IsBlank)
                isEmpty = false;
            // A line at the end of the file gets an ending, because it is not the last one any more.
            entry.Append(line.Text).Append(line.Ending.Length > 0 ? line.Ending : style.Ending);
        }

        Flush();
        if (isEmpty)
            EmptyHeadings.Add(heading!);

        void Flush()
        {
            var text = entry.ToString();
            Append(part, text, lines);
            if (FileStyle.BeginsEntry(text))
                part.Written.Add(Plain(text));
            entry.Clear();
        }
    }

    /// <summary>Adds an entry that was generated, unless people said the same.</summary>
    public void Add(string title, string text)
    {
        var part = PartOf(title, style.SectionHeading(title));
        var entry = style.EntryOf(text);
        if (!part.Written.Contains(Plain(entry)))
            Append(part, entry, this);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var part in _parts.Where(x => x.Entries.Count > 0))
        {
            if (text.Length > 0)
                text.Append(style.Ending);
            if (part.Heading is not null)
                text.Append(part.Heading).Append(style.SpaceUnderSection ? style.Ending : "");
            for (var i = 0; i < part.Entries.Count; i++)
                text.Append(i + 1 < part.Entries.Count && FileStyle.BeginsEntry(part.Entries[i]) == FileStyle.BeginsEntry(part.Entries[i + 1]) ? part.Entries[i] : Trimmed(part.Entries[i]))
                    .Append(i + 1 < part.Entries.Count && !FileStyle.BeginsEntry(part.Entries[i]) && FileStyle.BeginsEntry(part.Entries[i + 1]) ? style.Ending : "");
        }

        return text.ToString();
    }

    Part PartOf(string title, string heading)
    {
        var part = _parts.Find(x => string.Equals(x.Title, title, StringComparison.OrdinalIgnoreCase));
        if (part is null)
            _parts.Add(part = new Part(title) { Heading = heading });
        return part;
    }

    static void Append(Part part, string entry, object source)
    {
        if (part.Entries.Count == 0)
            entry = WithoutLeadingEmptyLines(entry);
        if (string.IsNullOrWhiteSpace(entry))
            return;
        // What comes from elsewhere stands directly under what was last before, unless empty lines are between all.
        if (part.Entries.Count > 0 && part.Source != source && !(part.Entries.Count > 1 && EndsWithEmptyLine(part.Entries[^2])))
            part.Entries[^1] = Trimmed(part.Entries[^1]);
        part.Source = source;
        // Text without a bullet would be taken for a part of the entry above it.
        var at = FileStyle.BeginsEntry(entry) ? -1 : part.Entries.FindIndex(FileStyle.BeginsEntry);
        part.Entries.Insert(at < 0 ? part.Entries.Count : at, entry);
    }

    static bool EndsWithEmptyLine(string entry) => FileLine.Split(entry)[^1].IsBlank;

    static string Trimmed(string entry)
    {
        var lines = FileLine.Split(entry);
        return string.Concat(lines.Take(lines.FindLastIndex(x => !x.IsBlank) + 1));
    }

    static string WithoutLeadingEmptyLines(string entry)
    {
        var lines = FileLine.Split(entry);
        return string.Concat(lines.SkipWhile(x => x.IsBlank));
    }

    /// <summary>What an entry says, without marks, links, numbers in parentheses at the end, case and space.</summary>
    internal static string Plain(string entry)
    {
        var text = Links().Replace(entry, "${text}");
        text = Marks().Replace(text, "");
        text = Space().Replace(text, " ").Trim().TrimStart('-', '+', ' ');
        text = Sources().Replace(text, "");
        return text.TrimEnd('.', ' ').ToLowerInvariant();
    }

    [GeneratedRegex(@"\[(?<text>[^\[\]]*)\]\([^()\s]*\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Links();

    [GeneratedRegex(@"[\\*_`\u2060]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Marks();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Space();

    [GeneratedRegex(@" \((?:[a-z]+ )?(?:[\w./-]*[#!][0-9]+|[0-9a-f]{7,40})(?:,? (?:[a-z]+ )?(?:[\w./-]*[#!][0-9]+|[0-9a-f]{7,40}))*\)(?=\.?\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Sources();

    sealed class Part(string? title)
    {
        public string? Title => title;

        public string? Heading { get; init; }

        public List<string> Entries { get; } = [];

        /// <summary>Where the last of them came from.</summary>
        public object? Source { get; set; }

        /// <summary>What people say in it.</summary>
        public HashSet<string> Written { get; } = new(StringComparer.Ordinal);
    }
}
