using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>Release notes of a version that is known already, made of its commits alone: the same commits give the same notes.</summary>
public static class ReleaseNotes
{
    /// <summary>The notes of some commits. No commits, no text.</summary>
    /// <param name="commits">The commits, newest first.</param>
    /// <param name="remoteUrl">Where they can be seen; null: their ids are shown without links.</param>
    public static string Write(IEnumerable<GitCommit> commits, string? remoteUrl = null)
    {
        var settings = new ChangelogSettings { Contributors = false };
        List<HistoryCommit> told = [.. commits.Select(x => new HistoryCommit(x.Id, x.Parents, x.Time, new Author("", ""), x.Time, x.Message))];
        if (told.Count == 0)
            return "";
        var release = new HistoryRelease { Commit = told[0].Id, Date = told[0].Time, Commits = [.. told] };
        return new ChangelogRenderer(settings).Render(ChangelogBuilder.Build(new ChangelogHistory([release], remoteUrl), settings), DocumentKind.ReleaseNotes);
    }
}
