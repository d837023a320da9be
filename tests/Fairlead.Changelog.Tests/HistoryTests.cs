using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Changelog.Tests;

public sealed class HistoryTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task Each_commit_belongs_to_the_first_release_that_contains_it()
    {
        var one = _repository.Commit("one");
        _repository.Tag("v1.0.0", one);
        var two = _repository.Commit("two");
        var side = _repository.Commit("side", [one]);
        _repository.AnnotatedTag("v1.0.1", side, 60);
        var merge = _repository.Commit("merge", [two, side]);
        _repository.Tag("v1.1.0", merge);
        _repository.Commit("last");
        _repository.Make();
        (await _repository.ReleasesAsync()).ShouldBe(["unreleased: last", "v1.1.0: merge, two", "v1.0.1: side", "v1.0.0: one"]);
        var releases = (await _repository.ReadAsync()).Releases;
        releases.Select(x => x.Previous?.Name).ShouldBe(["v1.1.0", "v1.0.1", "v1.0.0", null]);
        releases[2].Date.Hour.ShouldBe(10);
    }

    [Fact]
    public async Task Several_tags_on_one_commit_are_several_releases_and_a_pre_release_is_folded_when_asked()
    {
        var one = _repository.Commit("one");
        _repository.Tag("v1.0.0-rc.1", one);
        var two = _repository.Commit("two");
        _repository.Tag("v1.0.0-rc.2", two);
        _repository.Tag("v1.0.0", two);
        var three = _repository.Commit("three");
        _repository.Tag("v1.1.0-rc.1", three);
        _repository.Commit("four");
        _repository.Make();
        (await _repository.ReleasesAsync(x => x with { FoldPreReleases = false }))
            .ShouldBe(["unreleased: four", "v1.1.0-rc.1: three", "v1.0.0: ", "v1.0.0-rc.2: two", "v1.0.0-rc.1: one"]);
        (await _repository.ReleasesAsync()).ShouldBe(["unreleased: four", "v1.1.0-rc.1: three", "v1.0.0: two, one"]);
        (await _repository.ReleasesAsync(x => x with { UnreleasedVersion = new(1, 1, 0) })).ShouldBe(["1.1.0: four, three", "v1.0.0: two, one"]);
        (await _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Unreleased(), UnreleasedVersion = new(1, 1, 0) })).ShouldBe(["1.1.0: four, three"]);
        (await _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Unreleased() })).ShouldBe(["unreleased: four"]);
    }

    [Fact]
    public async Task A_release_on_a_branch_that_was_never_merged_is_told_and_a_pre_release_there_is_not()
    {
        var one = _repository.Commit("one");
        _repository.Tag("v1.0.0", one);
        var fix = _repository.Commit("fix", [one]);
        _repository.Tag("v1.0.1", fix);
        var feature = _repository.Commit("feature", [one]);
        _repository.Tag("v1.1.0-feature.1", feature);
        var main = _repository.Commit("main", [one]);
        _repository.Make(main);
        (await _repository.ReleasesAsync()).ShouldBe(["unreleased: main", "v1.0.1: fix", "v1.0.0: one"]);
    }

    [Fact]
    public async Task One_release_is_read_alone_also_when_a_clock_ran_backwards()
    {
        var one = _repository.Commit("one", minute: 100);
        _repository.Tag("v1.0.0", one);
        var two = _repository.Commit("two", minute: 50);
        _repository.Tag("v1.1.0", two);
        var three = _repository.Commit("three", minute: 20);
        _repository.Tag("v1.2.0", three);
        _repository.Make();
        Task<string[]> Read(string name) => _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Release(name) });
        (await Read("v1.0.0")).ShouldBe(["v1.0.0: one"]);
        (await Read("1.1.0")).ShouldBe(["v1.1.0: two"]);
        (await Read("v1.2.0")).ShouldBe(["v1.2.0: three"]);
        (await _repository.ReleasesAsync()).ShouldBe(["v1.2.0: three", "v1.1.0: two", "v1.0.0: one"]);
        (await _repository.ReadAsync(x => x with { Range = new HistoryRange.Release("v1.2.0") })).Releases[0].Previous!.Name.ShouldBe("v1.1.0");
        (await _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Between("v1.0.0", "v1.2.0") })).ShouldBe(["v1.2.0: three", "v1.1.0: two"]);
        (await Should.ThrowAsync<UserErrorException>(() => Read("v1.3.0"))).Remedy.ShouldNotBeNull().ShouldContain("v1.");
    }

    [Fact]
    public async Task Without_tags_all_is_unreleased_and_no_release_can_be_named()
    {
        _repository.Commit("one");
        _repository.Make();
        (await _repository.ReleasesAsync()).ShouldBe(["unreleased: one"]);
        (await _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Unreleased() })).ShouldBe(["unreleased: one"]);
        var error = await Should.ThrowAsync<UserErrorException>(() => _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Release("v1.0.0") }));
        error.Message.ShouldContain("no tag here names a version");
        error.Remedy.ShouldNotBeNull().ShouldContain("git fetch --tags");
    }

    [Fact]
    public async Task A_tag_on_another_branch_is_a_release_and_hides_nothing_here()
    {
        var one = _repository.Commit("one");
        var other = _repository.Commit("other", [one]);
        _repository.Tag("v1.0.0", other);
        var main = _repository.Commit("main", [one]);
        _repository.Make(main);
        (await _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Release("v1.0.0") })).ShouldBe(["v1.0.0: other, one"]);
        (await _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Unreleased() })).ShouldBe(["unreleased: main, one"]);
        var error = await Should.ThrowAsync<UserErrorException>(() => _repository.ReleasesAsync(x => x with { Range = new HistoryRange.Release("7.7.7") }));
        error.Remedy.ShouldNotBeNull().ShouldContain("v1.0.0");
    }

    [Fact]
    public async Task A_package_has_its_own_tags_and_commits_and_loses_no_release()
    {
        var one = _repository.Commit("core", path: "src/core/a");
        _repository.Tag("core-v1.0.0", one);
        _repository.Tag("web-v1.0.0", one);
        var two = _repository.Commit("web", path: "src/web/a");
        _repository.Tag("core-v1.1.0", two);
        _repository.Commit("core again", path: "src/core/b");
        _repository.Commit("vendored", path: "src/core/vendor/c");
        _repository.Make();
        (await _repository.ReleasesAsync(x => x with { TagPrefix = "core-v", Paths = ["src/core", "!src/core/vendor"] }))
            .ShouldBe(["unreleased: core again", "core-v1.1.0: ", "core-v1.0.0: core"]);
        (await _repository.ReleasesAsync(x => x with { TagPrefix = "web-v", Paths = ["src/web"] })).ShouldBe(["unreleased: web", "web-v1.0.0: "]);
    }

    [Fact]
    public async Task Pull_requests_are_known_from_their_merges_also_inside_a_merged_branch()
    {
        var one = _repository.Commit("one");
        var inner = _repository.Commit("inner", [one]);
        var develop = _repository.Commit("Merge pull request #7 from x/y", [one, inner]);
        var direct = _repository.Commit("direct", [develop]);
        _repository.Commit("Merge branch 'develop'\n\nSee merge request group/shop!9", [one, direct]);
        _repository.Make();
        var commits = (await _repository.ReadAsync()).Releases.Single().Commits;
        commits.ToDictionary(x => x.Message.Split('\n')[0], x => x.MergedBy).ShouldBe(new Dictionary<string, string?>
        {
            ["one"] = null,
            ["inner"] = "7",
            ["Merge pull request #7 from x/y"] = "9",
            ["direct"] = "9",
            ["Merge branch 'develop'"] = null,
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task New_authors_are_those_unknown_by_name_and_address_and_what_was_seen_is_remembered()
    {
        var one = _repository.Commit("one");
        _repository.Tag("v1.0.0", one);
        _repository.Commit("two", author: "A <other@example.org>");
        var three = _repository.Commit("three", author: "B <b@example.org>");
        _repository.Tag("v1.1.0", three);
        _repository.Commit("four", author: "Bob <B@example.org>");
        _repository.Commit("five", author: "D <d@example.org>");
        _repository.Make();
        string[] Names(ChangelogHistory history) => [.. history.Releases.Select(x => string.Join(",", x.NewAuthors.Select(y => y.Name)))];
        Names(await _repository.ReadAsync()).ShouldBe(["D", "B", "A"]);
        var memory = _repository.Root / ".git" / "fairlead" / "authors";
        memory.FileExists().ShouldBeFalse();
        for (var i = 0; i < 2; i++)
        {
            Names(await _repository.ReadAsync(x => x with { Range = new HistoryRange.Release("v1.1.0") })).ShouldBe(["B"]);
            Names(await _repository.ReadAsync(x => x with { Range = new HistoryRange.Unreleased() })).ShouldBe(["D"]);
            memory.FileExists().ShouldBeTrue();
        }

        (_repository.Root / ".mailmap").WriteAllText("B <b@example.org> D <d@example.org>\n");
        Names(await _repository.ReadAsync(x => x with { Range = new HistoryRange.Unreleased() })).ShouldBe([""]);
        memory.WriteAllText("nonsense");
        Names(await _repository.ReadAsync(x => x with { Range = new HistoryRange.Unreleased() })).ShouldBe([""]);
    }

    [Fact]
    public async Task Names_are_not_remembered_where_commits_are_replaced_and_forgotten_when_they_are_corrected_elsewhere()
    {
        var one = _repository.Commit("one", author: "B <b@example.org>");
        _repository.Tag("v1.0.0", one);
        _repository.Commit("two");
        _repository.Make();
        async Task<string> Names() => string.Join(",", (await _repository.ReadAsync(x => x with { Range = new HistoryRange.Unreleased() })).Releases[0].NewAuthors.Select(x => x.Name));
        var memory = _repository.Root / ".git" / "fairlead" / "authors";
        (await Names()).ShouldBe("A");
        memory.FileExists().ShouldBeTrue();
        _repository.Git("config", "mailmap.file", "names");
        (_repository.Root / "names").WriteAllText("A <a@example.org> <b@example.org>\n");
        (await Names()).ShouldBe("");
        (_repository.Root / "names").WriteAllText("");
        (await Names()).ShouldBe("A");
        (_repository.Root / "names2").WriteAllText("A <a@example.org> <b@example.org>\n");
        _repository.Git("config", "mailmap.blob", _repository.Git("hash-object", "-w", "names2"));
        (await Names()).ShouldBe("");
        _repository.Git("config", "--unset", "mailmap.blob");
        (await Names()).ShouldBe("A");
        memory.DeleteFile();
        var same = _repository.Git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit-tree", "-m", "one", "v1.0.0^{tree}");
        _repository.Git("replace", "v1.0.0", same);
        (await Names()).ShouldBe("");
        memory.FileExists().ShouldBeFalse();
        _repository.Git("replace", "-d", _repository.Git("rev-parse", "v1.0.0"));
        (await Names()).ShouldBe("A");
    }

    [Fact]
    public async Task On_an_older_line_only_the_tags_in_its_own_past_are_boundaries()
    {
        var one = _repository.Commit("one");
        _repository.Tag("v1.0.0", one);
        var fix = _repository.Commit("fix: A", [one]);
        var main = _repository.Commit("feat: B", [one]);
        var merge = _repository.Commit("merge", [main, fix]);
        for (var i = 0; i < 40; i++)
            _repository.Tag($"v2.{i}.0", i == 0 ? merge : _repository.Commit($"feat: {i}", i == 1 ? [merge] : null));
        _repository.Make(fix);
        var unreleased = await _repository.ReadAsync(x => x with { Range = new HistoryRange.Unreleased() });
        unreleased.Releases.Single().Commits.Select(x => x.Message).ShouldBe(["fix: A"]);
        unreleased.Releases[0].Previous!.Name.ShouldBe("v1.0.0");
        _repository.Git("switch", "-q", "--detach", "v2.0.0");
        _repository.Git("tag", "-d", "v2.0.0");
        unreleased = await _repository.ReadAsync(x => x with { Range = new HistoryRange.Unreleased() });
        unreleased.Releases.Single().Commits.Select(x => x.Message).ShouldBe(["merge", "feat: B", "fix: A"]);
    }

    [Fact]
    public async Task Tags_mean_what_they_mean_where_versions_are_made()
    {
        foreach (var (name, message) in new[] { ("V1.0.0", "one"), ("v1.1", "two"), ("v1.1.0.4", "three"), ("v2", "four"), ("nightly", "five") })
            _repository.Tag(name, _repository.Commit(message));
        _repository.Commit("last");
        _repository.Make();
        Task<string[]> Read(VersioningConfiguration? versioning) => _repository.ReleasesAsync(x => x with { Versioning = versioning, TagPrefix = "v" });
        var strict = VersioningConfigurationReader.Parse("", "x");
        (await Read(strict)).ShouldBe(["unreleased: last, five, four, three, two", "V1.0.0: one"]);
        (await Read(strict with { SemanticVersionFormat = SemanticVersionFormat.Loose })).ShouldBe(["unreleased: last, five", "v2: four", "v1.1.0.4: three", "v1.1: two", "V1.0.0: one"]);
        (await Read(null)).ShouldBe(["unreleased: last, five, four", "v1.1.0.4: three", "v1.1: two", "V1.0.0: one"]);
    }

    [Fact]
    public async Task A_tag_of_a_tag_and_tags_that_only_look_like_versions()
    {
        var one = _repository.Commit("one");
        _repository.AnnotatedTag("inner", one, 5);
        foreach (var name in new[] { "v1", "1.2.3-", "v1.2.3.4.5", "2024-01-01", "vx1.0.0", "v01.0.0", "v1.99999999999.0", "release" })
            _repository.Tag(name, one);
        var two = _repository.Commit("two");
        _repository.Tag("v1.2", two);
        _repository.Tag("v1.2.3.4", two);
        _repository.Make();
        _repository.Git("-c", "user.name=x", "-c", "user.email=x", "tag", "-a", "-m", "nested", "v0.1.0", "inner");
        (await _repository.ReleasesAsync()).ShouldBe(["v1.2.3.4: two", "v0.1.0: one"]);
    }

    [Fact]
    public async Task The_remote_loses_its_password()
    {
        _repository.Commit("one");
        _repository.Make();
        _repository.Git("remote", "add", "origin", "https://user:secret@github.com/acme/shop.git");
        (await _repository.ReadAsync()).RemoteUrl.ShouldBe("https://github.com/acme/shop.git");
    }

    [Fact]
    public async Task Messages_may_hold_any_bytes()
    {
        _repository.Commit("feat: é\u001b[2J\u202e {{x}} \r\n\r\n" + new string('x', 1_000_000));
        _repository.Commit("");
        _repository.Make();
        var tree = _repository.Git("rev-parse", "HEAD^{tree}");
        var raw = $"tree {tree}\nauthor \u00ff <> 99999999999999 +0000\ncommitter C <c> 1 +0000\n\nfix: \u00ff\u00fe not utf-8\0hidden\n";
        File.WriteAllBytes(_repository.Root / "raw", System.Text.Encoding.Latin1.GetBytes(raw));
        var id = _repository.Git("hash-object", "-t", "commit", "-w", "--literally", "raw");
        _repository.Git("update-ref", "refs/heads/main", id);
        var commit = (await _repository.ReadAsync()).Releases.Single().Commits.Single();
        commit.Message.ShouldStartWith("fix: ");
        commit.Message.ShouldNotContain("hidden");
    }

    [Fact]
    public async Task Where_history_is_missing_the_error_says_which_command_brings_it()
    {
        (await Should.ThrowAsync<UserErrorException>(() => _repository.ReadAsync())).Message.ShouldContain("not inside a git repository");
        _repository.Git("init", "-q");
        (await Should.ThrowAsync<UserErrorException>(() => _repository.ReadAsync())).Message.ShouldContain("no commit yet");
        using var origin = new TestRepository();
        origin.Commit("one");
        origin.Commit("two", path: "a/b");
        origin.Make();
        origin.Git("config", "uploadpack.allowFilter", "true");
        using var clones = new TestRepository();
        clones.Git("clone", "-q", "--depth=1", $"file://{origin.Root}", "shallow");
        clones.Git("clone", "-q", "--filter=tree:0", "--bare", $"file://{origin.Root}", "partial");
        ChangelogHistoryReader reader = new(clones.Processes);
        Task<ChangelogHistory> Read(string clone) => reader.ReadAsync(new HistoryRequest { Root = clones.Root / clone, Paths = ["a"] });
        (await Should.ThrowAsync<UserErrorException>(() => Read("shallow"))).Remedy.ShouldNotBeNull().ShouldStartWith("git fetch --unshallow --tags");
        var partial = await Should.ThrowAsync<UserErrorException>(() => Read("partial"));
        partial.Remedy.ShouldBe("git config remote.origin.partialclonefilter blob:none && git fetch --refetch origin");
        foreach (var command in partial.Remedy!.Split(" && "))
            clones.Git(["-C", "partial", .. command.Split(' ')[1..]]);
        (await Read("partial")).Releases.Single().Commits.Length.ShouldBe(1);
    }
}
