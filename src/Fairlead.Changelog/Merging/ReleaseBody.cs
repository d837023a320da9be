using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.Changelog;

/// <summary>
/// What is under the heading of a release: entries under headings, and text before the first of those. Entries keep the bytes in which they were written. An entry that
/// says what another one in the same section said before is left out.
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
            var startsPart = !line.IsHidden && line.Text.StartsWith(marks, StringComparison.Ordinal);
            if (startsPart || (!line.IsHidden && FileStyle.BeginsEntry(line.Text)))
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
            Append(part, entry.ToString());
            entry.Clear();
        }
    }

    /// <summary>Adds an entry that was generated.</summary>
    public void Add(string title, string text) => Append(PartOf(title, style.SectionHeading(title)), style.EntryOf(text));

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

    void Append(Part part, string entry)
    {
        if (part.Entries.Count == 0)
            entry = WithoutLeadingEmptyLines(entry);
        if (string.IsNullOrWhiteSpace(entry))
            return;
        var plain = Plain(entry);
        if (FileStyle.BeginsEntry(entry) && part.Entries.Any(x => FileStyle.BeginsEntry(x) && Plain(x) == plain))
            return;
        // Whoever comes last stands directly under what was last before.
        if (part.Entries.Count > 0 && part.Entries[^1].AsSpan().TrimEnd(" \t").EndsWith(style.Ending + style.Ending, StringComparison.Ordinal) && part.Entries.Count == 1)
            part.Entries[^1] = Trimmed(part.Entries[^1]);
        // Text without a bullet would be taken for a part of the entry above it.
        var at = FileStyle.BeginsEntry(entry) ? -1 : part.Entries.FindIndex(FileStyle.BeginsEntry);
        part.Entries.Insert(at < 0 ? part.Entries.Count : at, entry);
    }

    string Trimmed(string entry) => entry.TrimEnd() + style.Ending;

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
    }
}
