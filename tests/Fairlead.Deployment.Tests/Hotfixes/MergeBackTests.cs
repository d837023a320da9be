using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class MergeBackTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-merge-").FullName);
    readonly ProcessRunner _processes;

    public MergeBackTests() => _processes = new ProcessRunner(new Redactor(), TimeProvider.System, _root);

    public void Dispose() => _root.DeleteDirectory();

    async Task<string> Git(params string[] arguments) => (await _processes.RunAsync(Tooling.Git.Command(_root, ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", .. arguments]))).StandardOutput.Trim();

    async Task<string> Commit(string file, string text)
    {
        AtomicFile.Write(_root / file, text);
        await Git("add", "-A");
        await Git("commit", "-q", "-m", $"change {file}");
        return await Git("rev-parse", "HEAD");
    }

    async Task<string> Hotfix(string file)
    {
        await Git("init", "-q", "-b", "main");
        await Git("config", "user.name", "Ada");
        await Git("config", "user.email", "ada@example.com");
        await Commit("a", "1\n");
        await Git("switch", "-q", "-c", "hotfix/outage");
        var commit = await Commit(file, "mended\n");
        await Git("switch", "-q", "main");
        return commit;
    }

    MergeBack Merge => new(_processes, _root);

    [Fact]
    public async Task A_hotfix_is_owed_to_the_branches_that_exist_and_do_not_have_it()
    {
        var commit = await Hotfix("b");
        (await Merge.UnmergedAsync(commit, ["main", "develop"], default)).ShouldBe(["main"]);
        (await Merge.PrepareAsync("1.4.1", commit, "main", default)).ShouldContain("git push origin merge-back/1.4.1-into-main");
        // Nothing that somebody works on was touched.
        (await Git("status", "--porcelain")).ShouldBeEmpty();
        (await Git("rev-parse", "--abbrev-ref", "HEAD")).ShouldBe("main");
        (await Git("show", "merge-back/1.4.1-into-main:b")).ShouldBe("mended");
        (await Should.ThrowAsync<UserErrorException>(() => Merge.PrepareAsync("1.4.1", commit, "main", default))).Message.ShouldContain("is there already");
        await Git("merge", "-q", "merge-back/1.4.1-into-main");
        (await Merge.UnmergedAsync(commit, ["main"], default)).ShouldBeEmpty();
        (await Merge.PrepareAsync("1.4.1", commit, "main", default)).ShouldContain("nothing was changed");
    }

    [Fact]
    public async Task Conflicts_are_named_and_nothing_is_changed()
    {
        var commit = await Hotfix("a");
        await Commit("a", "otherwise\n");
        var refused = await Should.ThrowAsync<UserErrorException>(() => Merge.PrepareAsync("1.4.1", commit, "main", default));
        refused.Message.ShouldContain(": a has conflicts");
        refused.Remedy!.ShouldContain("git switch -c merge-back/1.4.1");
        (await Git("branch", "--list", "merge-back/*")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        var commit = await Hotfix("b");
        (await Should.ThrowAsync<UserErrorException>(() => Merge.PrepareAsync("1.4.1", commit, "nowhere", default))).Message.ShouldContain("'nowhere'");
        (await Should.ThrowAsync<UserErrorException>(() => Merge.PrepareAsync("1.4.1", new string('1', 40), "main", default))).Message.ShouldContain("is not in this clone");
    }

    [Fact]
    public async Task A_hotfix_that_was_rebased_or_squashed_is_merged()
    {
        var commit = await Hotfix("b");
        await Commit("c", "something else\n");
        await Git("cherry-pick", commit);
        (await Merge.UnmergedAsync(commit, ["main"], default)).ShouldBeEmpty();
    }
}
