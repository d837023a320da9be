using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Versioning.Tests;

public sealed class VersionCalculatorTests
{
    [Theory]
    [InlineData("1.2.3", "fix: a", "1.2.4")]
    [InlineData("1.2.3", "nothing special", "1.2.4")]
    [InlineData("1.2.3", "feat: a", "1.3.0")]
    [InlineData("1.2.3", "feat(api)!: a", "2.0.0")]
    [InlineData("1.2.3", "chore!: a", "2.0.0")]
    [InlineData("1.2.3", "fix: a\n\nBREAKING CHANGE: b", "2.0.0")]
    [InlineData("1.2.3", "fix: a\n\nBREAKING-CHANGE: b", "2.0.0")]
    [InlineData("0.2.3", "fix!: a", "0.3.0")]
    [InlineData("0.2.3", "feat: a", "0.3.0")]
    [InlineData("0.2.3", "fix: a", "0.2.4")]
    public void The_latest_release_is_raised_by_what_the_commits_say(string tag, string message, string next) =>
        Version([("v" + tag, 0)], "start", message).ShouldBe($"{next}-alpha.1");

    [Fact]
    public void The_largest_change_decides_wherever_it_stands() =>
        Version([("1.0.0", 0)], "start", "fix: a", "feat: b", "fix: c").ShouldBe("1.1.0-alpha.3");

    [Fact]
    public void Next_version_lifts_a_lower_version_and_leaves_a_higher_one()
    {
        Version(new() { NextVersion = new(3, 0, 0) }, [("1.0.0", 0)], "start", "fix: a").ShouldBe("3.0.0-alpha.1");
        Version(new() { NextVersion = new(1, 0, 0) }, [("1.0.0", 0)], "start", "fix: a").ShouldBe("1.0.1-alpha.1");
        Version(new() { NextVersion = new(3, 0, 0) }, [], "start").ShouldBe("3.0.0-alpha.1");
    }

    [Fact]
    public void A_pre_release_tag_is_continued_until_the_commits_ask_for_more()
    {
        Version([("1.0.0", 0), ("1.1.0-rc.1", 1)], "start", "feat: a", "fix: b", "fix: c").ShouldBe("1.1.0-rc.1.2");
        Version([("1.0.0", 0), ("1.1.0-rc.1", 1)], "start", "feat: a", "feat!: b").ShouldBe("2.0.0-alpha.2");
        Version([("1.0.0", 0), ("2.0.0-beta.1", 1)], "start", "feat: a", "fix: b").ShouldBe("2.0.0-beta.1.1");
        Version([("1.1.0-rc.1", 1)], "start", "feat: a").ShouldBe("1.1.0-rc.1");
    }

    [Theory]
    [InlineData("main", "alpha")]
    [InlineData("master", "alpha")]
    [InlineData("release/1.4", "beta")]
    [InlineData("hotfix-3", "beta")]
    [InlineData("feature/Add_Login", "add-login")]
    [InlineData("user/name/x", "user-name-x")]
    [InlineData("007", "branch-007")]
    [InlineData("///", "branch")]
    [InlineData("ünï", "n")]
    [InlineData(null, "detached")]
    public void The_label_comes_from_the_branch(string? branch, string label) => FormerCalculator.Label(branch).ShouldBe(label);

    [Fact]
    public void Any_branch_name_gives_a_valid_version() => Prop.ForAll<string?>(branch =>
        SemanticVersion.TryParse($"1.0.0-{FormerCalculator.Label(branch)}.1", out _)).QuickCheckThrowOnFailure();

    /// <summary>Random histories with random tags: the promise in the remarks of the calculator.</summary>
    [Fact]
    public void A_version_is_above_every_tag_in_its_past_and_below_the_release_it_leads_to()
    {
        var tags = Gen.Elements("0.1.0", "0.2.0", "1.0.0", "1.0.1-rc.1", "1.1.0-beta.2", "1.1.0", "2.0.0-alpha", "2.0.0-rc.1.3", "2.0.0");
        var messages = Gen.Elements("fix: a", "feat: b", "feat!: c", "d", "docs: e\n\nBREAKING CHANGE: f");
        var histories =
            from commits in messages.NonEmptyListOf()
            from marks in Gen.Zip(tags, Gen.Choose(0, Math.Max(0, commits.Count - 2))).ListOf()
            select (Messages: commits.ToArray(), Tags: marks.Where(_ => commits.Count > 1).ToArray());
        Prop.ForAll(histories.ToArbitrary(), x =>
        {
            var version = SemanticVersion.Parse(Version([.. x.Tags], x.Messages));
            var dirty = SemanticVersion.Parse(Version(new VersionSettings(), [.. x.Tags], x.Messages, "0123456789abcdef"));
            return version.IsPreRelease && version < version.Core && dirty < version.Core
                && x.Tags.All(tag => version > SemanticVersion.Parse(tag.Item1));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_dirty_release_is_a_pre_release() =>
        Version(new VersionSettings(), [("1.0.0", 0)], ["start"], "0123456789ab").ShouldBe("1.0.0-dirty.x0123456789");

    static string Version((string, int)[] tags, params string[] messages) => Version(new VersionSettings(), tags, messages);

    static string Version(VersionSettings settings, (string, int)[] tags, params string[] messages) => Version(settings, tags, messages, dirtyHash: null);

    static string Version(VersionSettings settings, (string Version, int Commit)[] tags, string[] messages, string? dirtyHash)
    {
        // Oldest first here, newest first in a history.
        var commits = messages.Select((x, i) => new GitCommit($"c{i}", i == 0 ? [] : [$"c{i - 1}"], DateTimeOffset.UnixEpoch, x)).ToArray();
        var head = commits[^1].Id;
        ImmutableArray<GitTag> read = [.. tags.Select(x => new GitTag(x.Version, $"c{x.Commit}", SemanticVersion.Parse(x.Version.TrimStart('v'))))];
        var from = FormerCalculator.FindBase(read, head)?.Commit;
        var history = new GitHistory
        {
            Head = head,
            Branch = "main",
            DirtyHash = dirtyHash,
            Tags = read,
            Commits = [.. commits.Reverse().TakeWhile(x => x.Id != from)],
        };
        return FormerCalculator.Calculate(history, settings).Version.ToString();
    }
}
