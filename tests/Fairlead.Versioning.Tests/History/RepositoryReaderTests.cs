using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class RepositoryReaderTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_graph_is_gits_own_with_and_without_its_graph_file(int seed)
    {
        var random = new Random(seed);
        var import = new FastImport();
        for (var i = 0; i < 300; i++)
        {
            // First commits of their own, lines, merges and octopuses.
            var parents = Enumerable.Range(0, i == 0 || random.Next(50) == 0 ? 0 : random.Next(4) == 0 ? random.Next(2, 6) : 1).Select(_ => random.Next(Math.Max(0, i - 20), i)).Distinct();
            import.Commit(random.NextInt64(0, 9_000_000_000), $"commit {i}", [.. parents]);
            if (random.Next(10) == 0)
                import.Reference($"refs/heads/b{i}", i);
            if (random.Next(10) == 0)
                import.AnnotatedTag($"v{i}", i);
        }

        import.Reference("refs/heads/main", 299);
        import.Into(_repository);

        var expected = Expected();
        Actual(await ReadAsync()).ShouldBe(expected, "without a file");
        _repository.Git("commit-graph", "write", "--reachable");
        Actual(await ReadAsync()).ShouldBe(expected, "one file");
        File.Delete(_repository.Root / ".git" / "objects" / "info" / "commit-graph");

        // A chain of two files that knows a part only.
        Write(_repository.Git("rev-list", "--max-count=100", "b" + FirstBranch()), "--split");
        Write(_repository.Git("rev-list", "--max-count=200", "main"), "--split=no-merge");
        Directory.GetFiles(_repository.Root / ".git" / "objects" / "info" / "commit-graphs").Length.ShouldBeGreaterThan(1);
        Actual(await ReadAsync()).ShouldBe(expected, "a chain");

        void Write(string commits, string how) =>
            _repository.Processes.RunAsync(ToolCommand.Of("git", "commit-graph", "write", "--stdin-commits", how) with { StandardInput = commits + "\n" }).GetAwaiter().GetResult();

        string FirstBranch() => _repository.Git("for-each-ref", "--format=%(refname)", "--count=1", "refs/heads/b*")["refs/heads/b".Length..];
    }

    [Fact]
    public async Task A_damaged_graph_file_is_not_believed()
    {
        for (var i = 0; i < 20; i++)
            _repository.Commit($"{i}");
        var expected = Expected();
        _repository.Git("commit-graph", "write", "--reachable");
        var file = _repository.Root / ".git" / "objects" / "info" / "commit-graph";
        var whole = File.ReadAllBytes(file);
        File.SetAttributes(file, FileAttributes.Normal);
        foreach (var damage in Enumerable.Range(0, 60))
        {
            // Cut off anywhere, or with a chunk table that points anywhere.
            File.WriteAllBytes(file, damage < 30 ? whole[..(whole.Length * damage / 30)] : [.. whole.Select((x, i) => i == damage - 22 ? (byte)(x ^ 0x55) : x)]);
            var graph = (await ReadAsync()).Graph;
            graph.Count.ShouldBe(20);
        }

        File.Delete(file);
        Actual(await ReadAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Messages_come_as_they_were_written_whatever_is_in_them()
    {
        string[] messages = ["plain", "first\n\nsecond paragraph\nthird line", "äöü 漢字 \u0001 {{x}} [a](b)", "", new string('x', 300_000), "last"];
        var import = new FastImport();
        for (var i = 0; i < messages.Length; i++)
            import.Commit(1_700_000_000 + i, messages[i], i == 0 ? [] : [i - 1]);
        import.Reference("refs/heads/main", messages.Length - 1);
        var ids = import.Into(_repository);
        var graph = (await ReadAsync()).Graph;
        var commits = ids.Select(x => graph.Find(x)!.Value).ToArray();
        graph.Contents.Prefetch(commits);
        commits.Select(graph.Contents.MessageOf).ShouldBe(messages);
        // One alone, and once more.
        var other = (await ReadAsync()).Graph;
        other.Contents.MessageOf(other.Find(ids[1])!.Value).ShouldBe(messages[1]);
    }

    [Fact]
    public async Task What_is_no_text_in_utf8_is_read_all_the_same()
    {
        var tree = _repository.Git("mktree");
        string Store(byte[] content)
        {
            File.WriteAllBytes(_repository.Root / "object", content);
            return _repository.Git("hash-object", "-t", "commit", "-w", "--literally", "object");
        }

        byte[] Commit(string headers, params byte[] message) => [.. System.Text.Encoding.ASCII.GetBytes($"tree {tree}\nauthor A <a> 1 +0000\ncommitter C <c> 1 +0000\n{headers}\n"), .. message];
        var latin = Store(Commit("encoding ISO-8859-1\n", 0xE4));
        var invalid = Store(Commit("", 0xC3, 0x28, (byte)'!'));
        var nul = Store(Commit("", (byte)'a', 0, (byte)'b'));
        var japanese = Store(Commit("encoding Shift_JIS\n", 0x93, 0xFA, 0x96, 0x7B));
        var obsolete = Store(Commit("encoding utf-7\n", (byte)'x'));
        _repository.Git("update-ref", "refs/heads/main", latin);
        _repository.Git("update-ref", "refs/heads/two", invalid);
        _repository.Git("update-ref", "refs/heads/three", nul);
        _repository.Git("update-ref", "refs/heads/four", japanese);
        _repository.Git("update-ref", "refs/heads/five", obsolete);
        foreach (var file in (bool[])[false, true])
        {
            if (file)
                _repository.Git("commit-graph", "write", "--reachable");
            var graph = (await ReadAsync()).Graph;
            string[] Read(params string[] ids) => [.. ids.Select(x => graph.Contents.MessageOf(graph.Find(x)!.Value))];
            Read(latin, invalid, nul, japanese, obsolete).ShouldBe(["ä", "\uFFFD(!", "a", "日本", "x"], $"{file}");
        }
    }

    [Fact]
    public async Task A_search_asks_about_new_commits_only_and_forgets_what_is_not_in_the_past()
    {
        _repository.Commit("Merge branch 'release/1.0'");
        _repository.Commit("other");
        (await Search("release")).ShouldBe(["Merge branch 'release/1.0'"]);
        _repository.Git("switch", "-q", "-c", "side");
        _repository.Commit("Merge branch 'release/2.0'");
        (await Search("release")).ShouldBe(["Merge branch 'release/2.0'", "Merge branch 'release/1.0'"], ignoreOrder: true);
        _repository.Git("switch", "-q", "main");
        (await Search("release")).ShouldBe(["Merge branch 'release/1.0'"]);
        (await Search("other")).ShouldBe(["other"]);

        // Nothing is asked that is known.
        List<string> asked = [];
        var graph = (await ReadAsync()).Graph;
        graph.Contents.Search(graph.Find(_repository.Git("rev-parse", "HEAD"))!.Value, "release", x =>
        {
            asked.Add(x);
            return false;
        }).Count.ShouldBe(1);
        asked.ShouldBeEmpty();

        // What is damaged is searched anew.
        foreach (var file in Directory.GetFiles(_repository.Root / ".git" / "fairlead"))
            File.WriteAllText(file, File.ReadAllText(file)[..^6]);
        (await Search("release")).ShouldBe(["Merge branch 'release/1.0'"]);
    }

    [Fact]
    public async Task Paths_are_those_that_a_commit_changes_against_its_first_parent()
    {
        var import = new FastImport();
        import.Commit(1, "one", [], "a.txt", "dir/b.txt");
        import.Commit(2, "two", [0], "ü \"x\".txt");
        import.Commit(3, "side", [0], "side.txt");
        import.Commit(4, "merge", [1, 2], "side.txt");
        import.Commit(5, "nothing", [3]);
        import.Reference("refs/heads/main", 4);
        var ids = import.Into(_repository);
        var graph = (await ReadAsync()).Graph;
        ids.Select(x => string.Join(' ', graph.Contents.PathsOf(graph.Find(x)!.Value))).ShouldBe(["a.txt dir/b.txt", "ü \"x\".txt", "side.txt", "side.txt", ""]);
    }

    [Fact]
    public async Task References_have_their_full_names_and_annotated_tags_lead_to_their_commits()
    {
        var first = _repository.Commit("first");
        _repository.Git("tag", "light");
        _repository.Git("tag", "-a", "-m", "x", "annotated");
        _repository.Git("tag", "tree", "HEAD^{tree}");
        _repository.Git("update-ref", "refs/remotes/origin/main", first);
        _repository.Git("config", "branch.main.remote", "origin");
        _repository.Git("config", "branch.main.merge", "refs/heads/main");
        _repository.Git("remote", "add", "origin", "https://user:s3cret@github.com/acme/shop.git");
        var history = await ReadAsync();
        history.References.Select(x => x.Name).ShouldBe(["refs/heads/main", "refs/remotes/origin/main", "refs/tags/annotated", "refs/tags/light"]);
        history.References.ShouldAllBe(x => x.Commit == history.Head);
        history.References[0].Upstream.ShouldBe("refs/remotes/origin/main");
        history.HeadBranch.ShouldBe("refs/heads/main");
        history.RemoteUrl.ShouldBe("https://github.com/acme/shop.git");
    }

    [Fact]
    public async Task A_tag_of_a_tag_leads_to_its_commit()
    {
        _repository.Commit("first");
        _repository.Git("tag", "-a", "-m", "x", "inner");
        _repository.Git("-c", "advice.nestedTag=false", "tag", "-a", "-m", "x", "outer", "inner");
        _repository.Git("-c", "advice.nestedTag=false", "tag", "-a", "-m", "x", "outermost", "outer");
        var history = await ReadAsync();
        history.References.Select(x => x.Name).ShouldBe(["refs/heads/main", "refs/tags/inner", "refs/tags/outer", "refs/tags/outermost"]);
        history.References.ShouldAllBe(x => x.Commit == history.Head);
    }

    [Fact]
    public async Task A_graph_file_that_knows_what_is_gone_is_left_alone()
    {
        _repository.Commit("first");
        _repository.Commit("gone");
        _repository.Git("commit-graph", "write", "--reachable");
        _repository.Git("reset", "-q", "--hard", "HEAD~1");
        _repository.Git("reflog", "expire", "--expire=now", "--all");
        _repository.Git("prune", "--expire=now");
        _repository.Commit("second");
        (await ReadAsync()).Graph.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_environment_of_a_hook_is_that_of_another_repository()
    {
        var first = _repository.Commit("first");
        using var other = new TestRepository();
        other.Commit("other");
        var variables = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["GIT_DIR"] = other.Root / ".git", ["GIT_INDEX_FILE"] = other.Root / ".git" / "index" };
        var history = await new RepositoryReader(new ProcessRunner(new Redactor(), TimeProvider.System, other.Root, variables)).ReadAsync(_repository.Root);
        history.Graph.IdOf(history.Head).ShouldBe(first);
    }

    [Fact]
    public async Task The_head_of_a_pull_request_may_be_checked_out_instead_of_its_merge()
    {
        _repository.Commit("first");
        _repository.Git("remote", "add", "origin", "https://github.com/acme/shop.git");
        _repository.Git("checkout", "-q", "--detach");
        var elsewhere = new ServerCheckout("GitHub Actions", "refs/pull/5/merge", new string('0', 40));
        (await ReadAsync(elsewhere with { Repository = "acme/shop" })).HeadBranch.ShouldBe("refs/heads/pull/5/merge");
        var history = await ReadAsync(elsewhere with { Repository = "acme/other" });
        history.HeadBranch.ShouldBeNull();
        history.Warnings.Single().ShouldStartWith("GitHub Actions speaks of refs/pull/5/merge at 0000000, and checked out");
    }

    [Fact]
    public async Task On_a_detached_head_the_servers_word_counts_if_it_is_about_this_commit()
    {
        var first = _repository.Commit("first");
        _repository.Git("checkout", "-q", "--detach");
        (await ReadAsync()).HeadBranch.ShouldBeNull();
        (await ReadAsync(new("x", "refs/heads/feature/login", first))).HeadBranch.ShouldBe("refs/heads/feature/login");
        var pull = await ReadAsync(new("x", "refs/pull/5/merge", null));
        pull.HeadBranch.ShouldBe("refs/heads/pull/5/merge");
        pull.References.Select(x => x.Name).ShouldBe(["refs/heads/main", "refs/heads/pull/5/merge"]);
        (await ReadAsync(new("x", "refs/heads/feature/login", new string('0', 40)))).HeadBranch.ShouldBeNull();
        (await ReadAsync(new("x", "refs/tags/v1", first))).HeadBranch.ShouldBeNull();
        _repository.Git("switch", "-q", "main");
        (await ReadAsync(new("x", "refs/heads/other", first))).HeadBranch.ShouldBe("refs/heads/main");
    }

    [Fact]
    public async Task Work_trees_and_submodules_are_repositories_too()
    {
        var first = _repository.Commit("first");
        _repository.Git("commit-graph", "write", "--reachable");
        _repository.Git("worktree", "add", "-q", "-b", "other", _repository.Parent / "linked");
        (await new RepositoryReader(_repository.Processes).ReadAsync(_repository.Parent / "linked")).HeadBranch.ShouldBe("refs/heads/other");

        using var outer = new TestRepository();
        outer.Commit("outer");
        outer.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", _repository.Root, "inner");
        var inner = await new RepositoryReader(outer.Processes).ReadAsync(outer.Root / "inner");
        inner.Graph.IdOf(inner.Head).ShouldBe(first);
    }

    [Fact]
    public async Task Each_place_without_a_whole_history_says_what_to_do()
    {
        (await Should.ThrowAsync<UserErrorException>(() => ReadAsync())).Message.ShouldContain("no commit yet");
        using var none = new TestRepository(initialise: false);
        (await Should.ThrowAsync<UserErrorException>(() => new RepositoryReader(none.Processes).ReadAsync(none.Root))).Message.ShouldContain("not inside a git repository");
        (await Should.ThrowAsync<UserErrorException>(() => new RepositoryReader(_repository.Processes).ReadAsync(_repository.Root / ".git"))).Message.ShouldContain("nothing is checked out");

        _repository.Commit("first");
        _repository.Commit("second");
        var shallow = _repository.Parent / "shallow";
        _repository.Git("clone", "-q", "--depth", "1", $"file://{_repository.Root}", shallow);
        var error = await Should.ThrowAsync<UserErrorException>(() => new RepositoryReader(_repository.Processes).ReadAsync(shallow));
        error.Remedy.ShouldStartWith("git fetch --unshallow --tags ");
        // The remedy cures.
        _repository.Git("-C", shallow, "fetch", "-q", "--unshallow", "--tags");
        (await new RepositoryReader(_repository.Processes).ReadAsync(shallow)).Graph.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_partial_clone_gives_what_it_has_and_says_how_to_get_the_rest()
    {
        _repository.Git("config", "uploadpack.allowFilter", "true");
        var import = new FastImport();
        import.Commit(1, "one", [], "a.txt");
        import.Commit(2, "two", [0], "b/c.txt");
        import.Reference("refs/heads/main", 1);
        import.Into(_repository);
        var clone = _repository.Parent / "treeless";
        _repository.Git("clone", "-q", "--filter=tree:0", "--no-checkout", $"file://{_repository.Root}", clone);
        _repository.Git("-C", clone, "config", "remote.origin.url", "/nowhere");
        // The tree of what is checked out is missing already.
        var error = await Should.ThrowAsync<UserErrorException>(() => new RepositoryReader(_repository.Processes).ReadAsync(clone));
        error.Remedy.ShouldBe("git fetch --refetch --filter=blob:none origin");
        // The remedy cures.
        _repository.Git("-C", clone, "config", "remote.origin.url", $"file://{_repository.Root}");
        _repository.Git("-C", clone, "fetch", "-q", "--refetch", "--filter=blob:none", "origin");
        var graph = (await new RepositoryReader(_repository.Processes).ReadAsync(clone)).Graph;
        Enumerable.Range(0, 2).SelectMany(x => graph.Contents.PathsOf(x)).ShouldBe(["a.txt", "b/c.txt"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_clone_that_was_made_without_tags_is_told_from_a_repository_that_has_none()
    {
        _repository.Commit("first");
        (await ReadAsync()).Warnings.ShouldBeEmpty();
        _repository.Git("clone", "-q", "--no-tags", $"file://{_repository.Root}", _repository.Parent / "clone");
        (await new RepositoryReader(_repository.Processes).ReadAsync(_repository.Parent / "clone")).Warnings.Single().ShouldContain("git fetch --tags");
    }

    Task<RepositoryHistory> ReadAsync(ServerCheckout? server = null) => new RepositoryReader(_repository.Processes).ReadAsync(_repository.Root, server);

    async Task<string[]> Search(string word)
    {
        var history = await ReadAsync();
        return [.. history.Graph.Contents.Search(history.Head, word, x => x.Contains(word, StringComparison.Ordinal)).Select(history.Graph.Contents.MessageOf)];
    }

    string[] Expected() => [.. _repository.Git("rev-list", "--parents", "--timestamp", "--all").Split('\n').Order(StringComparer.Ordinal)];

    static string[] Actual(RepositoryHistory history)
    {
        var graph = history.Graph;
        var reached = IsReached(history);
        return
        [
            .. Enumerable.Range(0, graph.Count).Where(reached.Contains)
                .Select(x => string.Join(' ', [$"{graph.TimeOf(x)}", graph.IdOf(x), .. graph.ParentsOf(x).ToArray().Select(graph.IdOf)]))
                .Order(StringComparer.Ordinal),
        ];
    }

    // A graph file may know commits that no reference leads to any more.
    static CommitSet IsReached(RepositoryHistory history) => history.Graph.PastOf([.. history.References.Select(x => x.Commit)]);
}
