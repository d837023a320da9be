using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>Tells the updates of one dependency as one.</summary>
sealed class Dependencies(ChangelogSettings settings)
{
    readonly SortedDictionary<string, List<(DependencyBump Bump, ReadCommit Commit)>> _updates = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a commit if it updates dependencies and does nothing that users must be told.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool Take(ReadCommit commit)
    {
        var scope = commit.Message.Scope ?? "";
        var isAbout = scope.StartsWith("deps", StringComparison.OrdinalIgnoreCase) || commit.Message.Type == ChangeType.Dependencies || settings.IsBot(commit.Commit.Author);
        if (!isAbout || commit.Message.IsBreaking)
            return false;
        var bumps = DependencyBump.Find(commit.Message.Description, commit.Message.Body);
        foreach (var bump in bumps)
        {
            if (!_updates.TryGetValue(bump.Package, out var updates))
                _updates[bump.Package] = updates = [];
            updates.Add((bump, commit));
        }

        return bumps.Count > 0;
    }

    /// <summary>The updates, by name; those that ended where they began are left out. Commits were taken newest first.</summary>
    public ImmutableArray<DependencyUpdate> Updates() =>
    [
        .. _updates.Select(x => new DependencyUpdate(
                x.Key,
                x.Value[^1].Bump.From,
                x.Value[0].Bump.To,
                [.. x.Value.Select(y => y.Commit.Commit.Id).Distinct(StringComparer.Ordinal)],
                [.. x.Value.Select(y => y.Commit.PullRequest).OfType<string>().Distinct(StringComparer.Ordinal)]))
            .Where(x => x.From != x.To),
    ];
}
