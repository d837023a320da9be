using System.Text;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>The edits that put a release into a file.</summary>
sealed class Insertion
{
    readonly ChangelogFile _file;
    readonly KeepAChangelogRelease _release;
    readonly FileStyle _style;
    readonly List<FileSection> _folded;
    readonly List<FileSection> _others;
    readonly SortedDictionary<int, (int End, string Text)> _edits = [];

    public Insertion(ChangelogFile file, KeepAChangelogRelease release, bool foldPreReleases)
    {
        (_file, _release, _style) = (file, release, FileStyle.Of(file));
        _folded = foldPreReleases && VersionOf(release.Version) is { IsPreRelease: false } version
            ? [.. file.Releases.Where(x => VersionOf(x.Title!.Version!) is { IsPreRelease: true } other && other.Core == version.Core)]
            : [];
        _others = [.. file.Releases.Where(x => !_folded.Contains(x))];
    }

    /// <summary>Position of the line at which the release was put in.</summary>
    public int Line { get; private set; }

    public string Apply()
    {
        // The place is above the first lower version; files that are in no order get it on top.
        var below = VersionOf(_release.Version) is { } version ? _others.FindIndex(x => VersionOf(x.Title!.Version!) is not { } other || other < version) : 0;
        if (below < 0)
            below = _others.Count;
        var isNewest = below == 0;
        var previous = below < _others.Count ? _others[below] : null;
        var beforePrevious = below + 1 < _others.Count ? _others[below + 1] : null;

        var unreleased = isNewest ? _file.Unreleased : null;
        var body = new ReleaseBody(_style);
        if (unreleased is not null)
            body.Add(_file.Lines[unreleased.Body..unreleased.End]);
        var skeleton = body.EmptyHeadings.ToList();
        foreach (var section in _folded)
        {
            body.Add(_file.Lines[section.Body..section.End]);
            _edits[section.Start] = (section.End, "");
        }

        foreach (var (section, entry) in _release.Entries)
            body.Add(section, entry);
        var style = (previous ?? _folded.FirstOrDefault())?.Title ?? new ReleaseTitle(_release.Version, "", HasBrackets(), null, " - 0000-00-00");
        var text = _style.ReleaseHeading(style.For(_release.Version, _release.Date, x => UrlFrom(x, previous, beforePrevious)));
        if (body.ToString() is { Length: > 0 } told)
            text += (_style.SpaceUnderRelease ? _style.Ending : "") + told;

        Put(text, unreleased, skeleton, previous);
        UpdateDefinitions(style, isNewest, previous, beforePrevious);
        return Text();
    }

    static SemanticVersion? VersionOf(string text) => TagNames.VersionOf(text);

    bool HasBrackets() => _file.Unreleased?.Title!.HasBrackets ?? _release.Links is not null;

    void Put(string text, FileSection? unreleased, List<string> skeleton, FileSection? previous)
    {
        if (unreleased is not null)
        {
            Line = unreleased.Start;
            var form = string.Concat(skeleton.Select(x => x + _style.Ending + _style.Ending));
            // A folded section may begin directly under the heading.
            var bodyEnd = _edits.TryGetValue(unreleased.Body, out var next) ? next.End : unreleased.End;
            _edits[unreleased.Body] = (bodyEnd, _style.Ending + form + text + (IsEnd(bodyEnd) ? "" : _style.Ending));
            return;
        }

        var at = previous?.Start ?? (_file.Sections.Count > 0 ? _file.Sections[^1].End : EndOfText());
        Line = Math.Min(at, _file.Lines.Count - 1);
        // A folded section that begins here goes; the release stands in its place.
        var end = _edits.TryGetValue(at, out var folded) ? folded.End : at;
        var before = at > 0 && !_file.Lines[at - 1].IsBlank ? _style.Ending : "";
        _edits[at] = (end, before + text + (IsEnd(end) ? "" : _style.Ending));
    }

    // Definitions and empty lines at the end stay there.
    int EndOfText()
    {
        var end = _file.Lines.Count;
        while (end > 0 && (_file.Lines[end - 1].IsBlank || _file.Definitions.Any(x => x.Start == end - 1 || x.UrlLine == end - 1)))
            end--;
        return end == 0 ? _file.Lines.Count : end < _file.Lines.Count && _file.Lines[end].IsBlank ? end + 1 : end;
    }

    bool IsEnd(int line) => line >= _file.Lines.Count;

    void UpdateDefinitions(ReleaseTitle style, bool isNewest, FileSection? previous, FileSection? beforePrevious)
    {
        foreach (var definition in _folded.Select(x => _file.DefinitionOf(x.Title!.Label)).OfType<LinkDefinition>())
            Replace(definition.Start, definition.UrlLine + 1, "");

        var unreleased = _file.DefinitionOf("Unreleased");
        var known = previous is null ? null : _file.DefinitionOf(previous.Title!.Label);
        // Without brackets nothing would use it.
        if (!style.HasBrackets || style.Url is not null || (unreleased is null && known is null && _others.Count + _folded.Count > 0))
            return;
        var url = NewUrl(known, unreleased, previous, beforePrevious);
        var added = url is null ? "" : $"[{style.Prefix}{_release.Version}]: {url}{_style.Ending}";
        if (isNewest && unreleased is not null && NewUnreleasedUrl(unreleased) is { } comparison)
        {
            var line = _file.Lines[unreleased.UrlLine];
            Replace(unreleased.UrlLine, unreleased.UrlLine + 1, line.Text.Replace(unreleased.Url, comparison, StringComparison.Ordinal) + line.Ending);
        }

        if (added.Length == 0)
            return;
        if (known is not null)
            Prepend(known.Start, added);
        else if (unreleased is not null)
            Prepend(unreleased.UrlLine + 1, added);
        else
            AddAtEnd(added);
    }

    void AddAtEnd(string added)
    {
        var comparison = _file.Unreleased is not null && _release.Links is { } links && TagOfThis() is { } tag ? $"[Unreleased]: {links.Compare(tag, "HEAD")}{_style.Ending}" : "";
        Prepend(_file.Lines.Count, _style.Ending + comparison + added);
    }

    // What was put before these lines stays before them.
    void Replace(int start, int end, string text) => _edits[start] = (end, _edits.TryGetValue(start, out var edit) && edit.End == start ? edit.Text + text : text);

    void Prepend(int line, string text)
    {
        _edits[line] = _edits.TryGetValue(line, out var edit) ? (edit.End, line == _file.Lines.Count ? edit.Text + text : text + edit.Text) : (line, text);
    }

    string? NewUnreleasedUrl(LinkDefinition unreleased)
    {
        foreach (var section in _file.Releases)
        {
            if (VersionInUrl.Replace(unreleased.Url, (section.Title!.Version!, _release.Version)) is { } url)
                return url;
        }

        return _release.Links is { } links && TagOfThis() is { } tag ? links.Compare(tag, "HEAD") : null;
    }

    string? NewUrl(LinkDefinition? known, LinkDefinition? unreleased, FileSection? previous, FileSection? beforePrevious)
    {
        if (known is not null && UrlFrom(known.Url, previous, beforePrevious, learnOnly: true) is { } learnt)
            return learnt;
        if (unreleased is not null && previous is not null && VersionInUrl.ReplaceBranch(unreleased.Url, previous.Title!.Version!, _release.Version) is { } compared)
            return compared;
        return UrlFrom("", previous, beforePrevious);
    }

    /// <summary>The address of the new release, made of that of the release before it; otherwise of what is known of the repository.</summary>
    string? UrlFrom(string url, FileSection? previous, FileSection? beforePrevious, bool learnOnly = false)
    {
        if (previous is not null && beforePrevious is not null && beforePrevious.Title!.Version != previous.Title!.Version
            && VersionInUrl.Replace(url, (beforePrevious.Title!.Version!, previous.Title!.Version!), (previous.Title!.Version!, _release.Version)) is { } learnt)
        {
            return learnt;
        }

        if (learnOnly || _release.Links is not { } links || TagOfThis() is not { } tag)
            return null;
        return _release.Tags.Previous is { } before ? links.Compare(before, tag) : links.Tag(tag);
    }

    // A tag that is not made yet is named as the one before it.
    string? TagOfThis() => _release.Tags.This
        ?? (_release.Tags.Previous is { } before && before.IndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) is >= 0 and var at ? before[..at] + _release.Version : $"v{_release.Version}");

    static bool EndsLine(StringBuilder text) => text.Length == 0 || text[^1] is '\n' or '\r';

    string Text()
    {
        var text = new StringBuilder();
        for (var i = 0; i <= _file.Lines.Count;)
        {
            if (_edits.TryGetValue(i, out var edit))
            {
                // The last line of the file may have no ending.
                if (i == _file.Lines.Count && edit.Text.Length > 0 && _file.Lines[^1].Ending.Length == 0 && !EndsLine(text))
                    text.Append(_style.Ending);
                text.Append(edit.Text);
                if (edit.End > i)
                {
                    i = edit.End;
                    continue;
                }
            }

            if (i < _file.Lines.Count)
                text.Append(_file.Lines[i]);
            i++;
        }

        // A file that did not end with a line feed does not end with one now.
        var hadEnding = _file.Lines[^1].Ending.Length > 0;
        var result = text.ToString();
        return !hadEnding && result.EndsWith(_style.Ending, StringComparison.Ordinal) ? result[..^_style.Ending.Length] : result;
    }
}
