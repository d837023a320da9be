using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class GitHistoryTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_repository_without_tags_begins_at_0_1_0()
    {
        _repository.Commit("first");
        var head = _repository.Commit("feat: second");
        var version = await _repository.VersionAsync();
        version.Version.ToString().ShouldBe("0.1.0-alpha.2");
        version.Commit.ShouldBe(head);
        version.Branch.ShouldBe("main");
        version.CommitTime.ShouldBe(new DateTimeOffset(2026, 1, 5, 9, 3, 0, TimeSpan.Zero));
        version.IsDirty.ShouldBeFalse();
        version.InformationalVersion.ShouldBe($"0.1.0-alpha.2+sha.{head}");
    }

    [Fact]
    public async Task Annotated_and_lightweight_tags_count_and_the_highest_in_the_past_wins()
    {
        _repository.Commit("first");
        _repository.Git("tag", "-a", "v1.9.0", "-m", "annotated");
        _repository.Commit("second");
        _repository.Git("tag", "1.10.0");
        _repository.Git("tag", "not-a-version");
        _repository.Git("tag", "v1.11");
        _repository.Commit("fix: third");
        var version = await _repository.VersionAsync();
        version.BaseTag.ShouldNotBeNull().Name.ShouldBe("1.10.0");
        version.Version.ToString().ShouldBe("1.10.1-alpha.1");
    }

    [Fact]
    public async Task A_tag_on_a_branch_that_is_not_in_the_past_does_not_count()
    {
        _repository.Commit("first");
        _repository.Git("tag", "v1.0.0");
        _repository.Git("switch", "-q", "-c", "other");
        _repository.Commit("second");
        _repository.Git("tag", "-a", "v5.0.0", "-m", "elsewhere");
        _repository.Git("switch", "-q", "main");
        _repository.Commit("feat: third");
        (await _repository.VersionAsync()).Version.ToString().ShouldBe("1.1.0-alpha.1");
    }

    [Fact]
    public async Task Many_higher_tags_elsewhere_do_not_hide_the_one_in_the_past()
    {
        _repository.Commit("first");
        _repository.Git("tag", "v1.0.0");
        _repository.Git("tag", "v2.0.0-beta.1");
        _repository.Git("switch", "-q", "-c", "other");
        _repository.Commit("second");
        for (var i = 0; i < 20; i++)
            _repository.Git("tag", $"v5.0.{i}");
        _repository.Git("switch", "-q", "main");
        _repository.Commit("third");
        var version = await _repository.VersionAsync();
        version.Version.ToString().ShouldBe("2.0.0-beta.1.1");
        version.BaseTag.ShouldNotBeNull().Name.ShouldBe("v1.0.0");
    }

    [Fact]
    public async Task A_tagged_commit_has_the_version_of_its_tag_and_the_notes_of_all_since_the_release_before()
    {
        _repository.Commit("first");
        _repository.Git("tag", "-a", "v1.0.0", "-m", "x");
        _repository.Commit("feat: second");
        _repository.Git("tag", "v1.1.0-rc.1");
        _repository.Commit("fix: third");
        _repository.Git("tag", "-a", "v1.1.0", "-m", "x");
        var version = await _repository.VersionAsync();
        version.Version.ToString().ShouldBe("1.1.0");
        version.Tag.ShouldNotBeNull().Name.ShouldBe("v1.1.0");
        version.BaseTag.ShouldNotBeNull().Name.ShouldBe("v1.0.0");
        version.Commits.Select(x => x.Message).ShouldBe(["fix: third", "feat: second"]);
    }

    [Fact]
    public async Task Messages_made_to_confuse_a_parser_arrive_whole()
    {
        const string Hostile = "feat: a\n\n0123456789abcdef0123456789abcdef01234567\n\nv9.9.9 %x00 \\0 \u001b[31m\n--format=%H\n# branch.oid x";
        _repository.Commit("first");
        _repository.Git("tag", "v1.0.0");
        _repository.Commit(Hostile);
        _repository.Commit("");
        var history = await _repository.ReadAsync();
        history.Commits.Select(x => x.Message).ShouldBe(["", Hostile]);
        history.Commits[0].Parents.ShouldBe([history.Commits[1].Id]);
    }

    [Fact]
    public async Task The_distance_counts_both_sides_of_a_merge()
    {
        _repository.Commit("first");
        _repository.Git("tag", "v1.0.0");
        _repository.Git("switch", "-q", "-c", "feature/x");
        _repository.Commit("feat: on the branch");
        _repository.Git("switch", "-q", "main");
        _repository.Commit("fix: on main");
        _repository.Git("merge", "-q", "--no-ff", "-m", "Merge branch 'feature/x'", "feature/x");
        var version = await _repository.VersionAsync();
        version.Version.ToString().ShouldBe("1.1.0-alpha.3");
        version.Commits[0].Parents.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_dirty_tree_has_a_version_of_its_own_that_depends_on_its_content_alone()
    {
        _repository.Write("a.txt", "1");
        _repository.Write(".gitignore", "ignored\n");
        _repository.Git("add", "-A");
        _repository.Commit("feat: first");
        _repository.Write("ignored", "x");
        (await _repository.VersionAsync()).IsDirty.ShouldBeFalse();

        _repository.Write("a.txt", "2");
        _repository.Write("new\nwith \"odd\" näme", "x");
        var dirty = await _repository.VersionAsync();
        dirty.IsDirty.ShouldBeTrue();
        dirty.Version.ToString().ShouldStartWith("0.1.0-alpha.1-dirty.x");
        SemanticVersion.TryParse(dirty.Version.ToString(), out _).ShouldBeTrue();

        _repository.Git("add", "-A");
        (await _repository.VersionAsync()).Version.ToString().ShouldBe(dirty.Version.ToString(), "staging changes no file");
        _repository.Write("new\nwith \"odd\" näme", "y");
        (await _repository.VersionAsync()).Version.ToString().ShouldNotBe(dirty.Version.ToString());
        _repository.Git("reset", "-q", "--hard");
        File.Delete(_repository.Root / "a.txt");
        (await _repository.VersionAsync()).IsDirty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_detached_head_takes_the_branch_that_it_is_told()
    {
        _repository.Commit("first");
        _repository.Git("checkout", "-q", "--detach");
        (await _repository.VersionAsync()).Version.ToString().ShouldBe("0.1.0-detached.1");
        (await _repository.VersionAsync(branch: "feature/login")).Version.ToString().ShouldBe("0.1.0-login.1");
    }

    [Fact]
    public async Task A_subdirectory_will_do_and_so_will_a_linked_work_tree()
    {
        _repository.Write("src/a.txt", "1");
        _repository.Git("add", "-A");
        _repository.Commit("first");
        _repository.Write("src/a.txt", "2");
        var reader = new GitHistoryReader(_repository.Processes);
        (await reader.ReadAsync(_repository.Root / "src", new VersionSettings())).DirtyHash.ShouldNotBeNull();
        _repository.Git("worktree", "add", "-q", "-b", "other", _repository.Parent / "linked");
        var linked = await reader.ReadAsync(_repository.Parent / "linked", new VersionSettings());
        linked.DirtyHash.ShouldBeNull();
        linked.Branch.ShouldBe("other");
    }

    [Fact]
    public async Task No_commit_no_repository_and_a_shallow_clone_each_say_what_to_do()
    {
        (await Should.ThrowAsync<UserErrorException>(() => _repository.ReadAsync())).Message.ShouldContain("no commit yet");

        using var none = new TestRepository(initialise: false);
        var error = await Should.ThrowAsync<UserErrorException>(() => none.ReadAsync());
        error.Message.ShouldContain("not inside a git repository");

        _repository.Commit("first");
        _repository.Commit("second");
        _repository.Git("clone", "-q", "--depth", "1", $"file://{_repository.Root}", _repository.Parent / "shallow");
        var shallow = await Should.ThrowAsync<UserErrorException>(
            () => new GitHistoryReader(_repository.Processes).ReadAsync(_repository.Parent / "shallow", new VersionSettings()));
        shallow.Remedy.ShouldBe("git fetch --unshallow --tags");
        // The remedy cures.
        _repository.Git("-C", _repository.Parent / "shallow", "fetch", "-q", "--unshallow", "--tags");
        (await new GitHistoryReader(_repository.Processes).ReadAsync(_repository.Parent / "shallow", new VersionSettings())).Commits.Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_remote_is_read_without_its_password()
    {
        _repository.Commit("first");
        (await _repository.ReadAsync()).RemoteUrl.ShouldBeNull();
        _repository.Git("remote", "add", "origin", "https://user:s3cret@github.com/acme/shop.git");
        (await _repository.ReadAsync()).RemoteUrl.ShouldBe("https://github.com/acme/shop.git");
        _repository.Git("remote", "set-url", "origin", "git@github.com:acme/shop.git");
        (await _repository.ReadAsync()).RemoteUrl.ShouldBe("git@github.com:acme/shop.git");
    }
}
