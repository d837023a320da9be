using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class ReleaseTaggerTests : IDisposable
{
    readonly TestRepository _repository = new();

    public ReleaseTaggerTests()
    {
        _repository.Write("version.txt", "1.0.0\n");
        _repository.Write("run.sh", "echo\n");
        System.IO.File.SetUnixFileMode(_repository.Root / "run.sh", (UnixFileMode)0b111_101_101);
        _repository.Git("add", "-A");
        _repository.Commit("first");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task The_files_are_committed_and_tagged_and_stand_in_the_work_tree()
    {
        _repository.Write("mine.txt", "not in git");
        var before = Head();
        var commit = await new ReleaseTagger(_repository.Processes, _repository.Root).ApplyAsync(Release());
        commit.ShouldBe(Head());
        _repository.Git("rev-parse", "HEAD~1").ShouldBe(before);
        _repository.Git("rev-parse", "v2.0.0^{commit}").ShouldBe(commit);
        _repository.Git("cat-file", "-t", "v2.0.0").ShouldBe("tag");
        _repository.Git("status", "--porcelain").ShouldBe("?? mine.txt");
        (_repository.Root / "version.txt").ReadAllText().ShouldBe("2.0.0\n");
        (_repository.Root / "docs" / "CHANGELOG.md").ReadAllText().ShouldBe("# ä\n");
        _repository.Git("log", "-1", "--format=%B%an").ShouldBe("chore(release): 2.0.0\nA");
        _repository.Git("ls-files", "-s", "run.sh").ShouldStartWith("100755 ");
        Left().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_files_only_the_tags_are_set()
    {
        var commit = await new ReleaseTagger(_repository.Processes, _repository.Root).ApplyAsync(Release() with { Files = [], Branch = null });
        commit.ShouldBe(Head());
        _repository.Git("tag").ShouldBe("lib/v2.0.0\nv2.0.0");
    }

    [Fact]
    public async Task A_tag_that_exists_a_branch_that_moved_and_a_git_that_refuses_change_nothing()
    {
        _repository.Git("tag", "lib/v2.0.0");
        var before = State();
        (await Should.ThrowAsync<UserErrorException>(() => Apply(Release()))).Message.ShouldContain("There is a tag 'lib/v2.0.0' already");
        State().ShouldBe(before);

        _repository.Git("tag", "-d", "lib/v2.0.0");
        before = State();
        (await Should.ThrowAsync<UserErrorException>(() => Apply(Release() with { Branch = "refs/heads/other" }))).Message.ShouldContain("nothing has changed");
        State().ShouldBe(before);

        // Signing is asked for, and there is no key.
        _repository.Git("config", "commit.gpgSign", "true");
        _repository.Git("config", "gpg.program", "/bin/false");
        (await Should.ThrowAsync<UserErrorException>(() => Apply(Release()))).Message.ShouldContain("nothing has changed");
        _repository.Git("config", "commit.gpgSign", "false");
        _repository.Git("config", "tag.gpgSign", "true");
        (await Should.ThrowAsync<UserErrorException>(() => Apply(Release()))).Message.ShouldContain("nothing has changed");
        State().ShouldBe(before);
        Left().ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_at_once_one_waits_and_an_ignored_file_is_not_committed()
    {
        Directory.CreateDirectory(_repository.Root / ".git" / "fairlead");
        using (new FileStream(_repository.Root / ".git" / "fairlead" / "release.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            (await Should.ThrowAsync<UserErrorException>(() => Apply(Release()))).Message.ShouldContain("Another release of this repository is being made");
        _repository.Write(".gitignore", "docs\n");
        (await Should.ThrowAsync<UserErrorException>(() => Apply(Release()))).Message.ShouldContain("'docs/CHANGELOG.md' is ignored by git");
        Head().ShouldBe(_repository.Git("rev-parse", "main"));
        _repository.Git("tag").ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_at_once_make_one_release()
    {
        var release = Release();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                return await Apply(release);
            }
            catch (UserErrorException)
            {
                return null;
            }
        })));
        results.Count(x => x is not null).ShouldBe(1);
        _repository.Git("rev-list", "--count", "HEAD").ShouldBe("2");
        _repository.Git("ls-tree", "-r", "--name-only", "HEAD").ShouldBe("docs/CHANGELOG.md\nrun.sh\nversion.txt");
        _repository.Git("status", "--porcelain").ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_signs_gets_signed_commits_and_tags()
    {
        Assert.SkipUnless(System.IO.File.Exists("/usr/bin/ssh-keygen"), "needs ssh-keygen");
        var key = _repository.Parent / "key";
        await _repository.Processes.RunAsync(ToolCommand.Of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key));
        _repository.Git("config", "gpg.format", "ssh");
        _repository.Git("config", "user.signingKey", key);
        _repository.Git("config", "commit.gpgSign", "true");
        await Apply(Release());
        _repository.Git("cat-file", "-p", "v2.0.0").ShouldContain("BEGIN SSH SIGNATURE");
        _repository.Git("cat-file", "-p", "HEAD").ShouldContain("BEGIN SSH SIGNATURE");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_before_or_after_any_step_the_next_run_ends_with_all_or_nothing(bool withFiles)
    {
        var release = withFiles ? Release() : Release() with { Files = [], Branch = null };
        var whole = 0;
        var nothing = 0;
        // Each step twice: before and after.
        for (var step = 0; ; step += withFiles ? 1 : 3)
        {
            using var world = new ReleaseTaggerTests();
            var mine = release with { Parent = world.Head() };
            var before = world.State();
            var fragile = new FragileRunner(world._repository.Processes, step);
            try
            {
                await new ReleaseTagger(fragile, world._repository.Root).ApplyAsync(mine);
                break;
            }
            catch (KilledException)
            {
                // As when the process is killed: nothing of it runs any more.
            }

            // Nothing half-done may be in sight of others: the branch has moved with all tags set, or not at all.
            if (world.Head() != mine.Parent)
                world._repository.Git("tag").ShouldBe("lib/v2.0.0\nv2.0.0");
            await new ReleaseTagger(world._repository.Processes, world._repository.Root).RecoverAsync();
            world.Left().ShouldBeEmpty($"step {step}");
            world._repository.Git("status", "--porcelain").ShouldBe("", $"step {step}");
            if (world._repository.Git("tag").Length == 0)
            {
                nothing++;
                world.State().ShouldBe(before, $"step {step}");
                await new ReleaseTagger(world._repository.Processes, world._repository.Root).ApplyAsync(mine);
            }
            else
            {
                whole++;
            }

            world._repository.Git("tag").ShouldBe("lib/v2.0.0\nv2.0.0");
            if (withFiles)
                (world._repository.Root / "version.txt").ReadAllText().ShouldBe("2.0.0\n");
        }

        whole.ShouldBeGreaterThan(1);
        nothing.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task A_release_that_exists_waits_for_a_work_tree_that_somebody_is_changing()
    {
        var fragile = new FragileRunner(_repository.Processes, x => x.Arguments.Contains("update-ref"));
        await Should.ThrowAsync<KilledException>(() => new ReleaseTagger(fragile, _repository.Root).ApplyAsync(Release()));
        _repository.Write("version.txt", "mine\n");
        var error = await Should.ThrowAsync<UserErrorException>(() => new ReleaseTagger(_repository.Processes, _repository.Root).RecoverAsync());
        error.Message.ShouldContain("The release v2.0.0, lib/v2.0.0 exists, but the files");
        (_repository.Root / "version.txt").ReadAllText().ShouldBe("mine\n");
        _repository.Write("version.txt", "1.0.0\n");
        (await new ReleaseTagger(_repository.Processes, _repository.Root).RecoverAsync()).ShouldBe("The release v2.0.0, lib/v2.0.0, which was interrupted, is complete now.");
        (_repository.Root / "version.txt").ReadAllText().ShouldBe("2.0.0\n");
    }

    Task<string> Apply(ReleaseCommit release) => new ReleaseTagger(_repository.Processes, _repository.Root).ApplyAsync(release);

    ReleaseCommit Release() => new()
    {
        Parent = Head(),
        Branch = "refs/heads/main",
        Files = [File("version.txt", "2.0.0\n"), File("docs/CHANGELOG.md", "# ä\n"), File("run.sh", "echo 2\n")],
        Message = "chore(release): 2.0.0\n",
        Tags = [new NewTag("v2.0.0", "2.0.0\n"), new NewTag("lib/v2.0.0", "lib 2.0.0\n")],
    };

    string Head() => _repository.Git("rev-parse", "HEAD");

    string State() => _repository.Git("for-each-ref") + _repository.Git("status", "--porcelain") + Head();

    string[] Left() => [.. Directory.GetFileSystemEntries(_repository.Root / ".git" / "fairlead").Where(x => !x.EndsWith("release.lock", StringComparison.Ordinal))];

    static FileChange File(string path, string text) => new(path, [.. Encoding.UTF8.GetBytes(text)]);

    sealed class KilledException : Exception;

    /// <summary>Dies before the nth command, or right after it.</summary>
    sealed class FragileRunner : IProcessRunner
    {
        readonly IProcessRunner _inner;
        readonly Func<ToolCommand, bool, bool> _dies;
        int _step;

        public FragileRunner(IProcessRunner inner, int step)
        {
            _inner = inner;
            _dies = (_, _) => _step++ == step;
        }

        public FragileRunner(IProcessRunner inner, Func<ToolCommand, bool> diesAfter)
        {
            _inner = inner;
            _dies = (command, after) => after && diesAfter(command);
        }

        public async Task<ProcessResult> RunAsync(ToolCommand command, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default)
        {
            if (_dies(command, false))
                throw new KilledException();
            var result = await _inner.RunAsync(command, onLine, cancellationToken);
            return _dies(command, true) ? throw new KilledException() : result;
        }

        public Task<ProcessResult> ReadAsync(ToolCommand command, OutputBytes onOutput, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
