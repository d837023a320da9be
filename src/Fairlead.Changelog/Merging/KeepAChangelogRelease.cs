using System.Collections.Immutable;
using System.Globalization;

namespace Fairlead.Changelog;

/// <summary>A release as it goes into a Keep-a-Changelog file.</summary>
/// <param name="Version">The version, without prefix.</param>
/// <param name="Date">The day (<c>2026-01-31</c>), or null.</param>
/// <param name="Entries">The sections and their entries, in Markdown; an entry may have several lines, those after the first indented.</param>
public sealed record KeepAChangelogRelease(string Version, string? Date, ImmutableArray<(string Section, string Entry)> Entries)
{
    static readonly string[] Order = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

    /// <summary>The tag of this release and that of the one before, where they are known: for files in which there is no link to learn from.</summary>
    public (string? Previous, string? This) Tags { get; init; }

    /// <summary>Where links lead; null when nobody knows.</summary>
    public RepositoryLinks? Links { get; init; }

    /// <summary>What users want to read about a release.</summary>
    /// <exception cref="ArgumentException">The release has no version.</exception>
    public static KeepAChangelogRelease Of(ReleaseEntry release, ChangelogSettings settings, RepositoryLinks? links)
    {
        if (release.Version is null)
            throw new ArgumentException("Only what has a version can be a release.", nameof(release));
        var view = new DocumentView(settings with { BreakingFirst = false }, links, DocumentKind.ReleaseNotes);
        var told = release.Groups.Where(view.IsTold).SelectMany(x => x.Changes).Where(x => !x.IsBreaking);
        var entries = release.Breaking.Concat(told).Select(x => (settings.TypeOf(x.Type).Section, Entry: Entry(view, x)));
        return new KeepAChangelogRelease(
            release.Version,
            release.Date.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            [.. entries.OrderBy(x => Array.FindIndex(Order, y => y.Equals(x.Section, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? at : Order.Length)])
        {
            Tags = (release.PreviousTag, release.Tag),
            Links = links,
        };
    }

    static string Entry(DocumentView view, Change change) =>
        change.Migration is null ? view.Line(change) : $"{view.Line(change)}\n\n{Markdown.Lines(change.Migration, "  ").TrimEnd('\n')}";
}
