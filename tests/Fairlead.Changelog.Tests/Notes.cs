using System.Collections.Immutable;

namespace Fairlead.Changelog.Tests;

/// <summary>Release notes of a few commits, without a repository.</summary>
static class Notes
{
    public static string Write(IEnumerable<TestCommit> commits, string? remoteUrl = null)
    {
        var settings = new ChangelogSettings { Contributors = false };
        List<HistoryCommit> told = [.. commits.Select(x => new HistoryCommit(x.Id, x.Parents, x.Time, new Author("", ""), x.Time, x.Message))];
        var release = new HistoryRelease { Commit = told.FirstOrDefault()?.Id ?? "", Date = default, Commits = [.. told] };
        return new ChangelogRenderer(settings).Render(ChangelogBuilder.Build(new ChangelogHistory([release], remoteUrl), settings), DocumentKind.ReleaseNotes);
    }

    public sealed record TestCommit(string Id, ImmutableArray<string> Parents, DateTimeOffset Time, string Message);
}
