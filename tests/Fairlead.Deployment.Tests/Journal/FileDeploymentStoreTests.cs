using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class FileDeploymentStoreTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-store-").FullName);
    readonly ManualTimeProvider _time = new();

    FileDeploymentStore Store => new(_root, "shop", _time);

    AbsolutePath Journal => _root / "shop" / "staging" / "journal.jsonl";

    public void Dispose() => _root.DeleteDirectory();

    [Fact]
    public async Task What_was_appended_is_read_back_with_everything_in_it()
    {
        var world = new World(World.TwoServices);
        var target = RolloutPlanner.Aim(TargetResolver.Resolve(world.Staging, World.Release("1.0.0") with { Notes = "Zeilen\numbruch – \"“é😀\"" }, "/flags.json"), null, 0, PlatformState.Empty);
        await using (var held = await Lock())
        {
            await held.AppendAsync(new JournalEvent.OperationStarted(OperationKind.Deploy, target, ["prepare", "record"], "ada@desk"), default);
            await held.AppendAsync(new JournalEvent.StepIntended("prepare"), default);
            await held.AppendAsync(new JournalEvent.StepDone("prepare"), default);
            await held.AppendAsync(new JournalEvent.UndoStarted("Because."), default);
            await held.AppendAsync(new JournalEvent.OperationFinished(OperationResult.Undone), default);
        }

        var entries = await Store.ReadJournalAsync("staging", default);
        entries.Select(x => x.Sequence).ShouldBe([1, 2, 3, 4, 5]);
        entries.ShouldAllBe(x => x.Token == 1 && x.At == _time.GetUtcNow());
        var read = entries[0].Event.ShouldBeOfType<JournalEvent.OperationStarted>();
        read.Target.ShouldNotBeNull().MeansTheSameAs(target).ShouldBeTrue();
        read.Target!.Release.Notes.ShouldBe(target.Release.Notes);
        read.Target.Services[0].Probe.ShouldBe(target.Services[0].Probe);
        read.Target.Services[0].Command.ShouldBe(target.Services[0].Command);
        read.Target.Services[0].StartupTimeout.ShouldBe(target.Services[0].StartupTimeout);
        entries[4].Event.ShouldBe(new JournalEvent.OperationFinished(OperationResult.Undone));
    }

    [Fact]
    public async Task A_journal_torn_at_any_byte_of_its_last_line_is_read_and_written_on()
    {
        await Append("one", "two", "three");
        var whole = await File.ReadAllBytesAsync(Journal);
        var end = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (var length = end; length <= whole.Length; length++)
        {
            var expected = length == whole.Length ? 3 : 2;
            await File.WriteAllBytesAsync(Journal, whole[..length]);
            (await Store.ReadJournalAsync("staging", default)).Length.ShouldBe(expected, $"{length} bytes");
            await Append("next");
            var after = await Store.ReadJournalAsync("staging", default);
            after.Length.ShouldBe(expected + 1, $"{length} bytes");
            after[^1].Event.ShouldBe(new JournalEvent.StepIntended("next"));
            after[^1].Sequence.ShouldBe(expected + 1);
        }
    }

    [Fact]
    public async Task A_last_line_of_zeros_as_a_power_cut_leaves_it_is_torn_too()
    {
        await Append("one", "two");
        await File.AppendAllBytesAsync(Journal, new byte[4096]);
        (await Store.ReadJournalAsync("staging", default)).Length.ShouldBe(2);
        await Append("three");
        (await Store.ReadJournalAsync("staging", default)).Length.ShouldBe(3);
        (await File.ReadAllTextAsync(Journal)).ShouldNotContain('\0');
    }

    [Fact]
    public async Task Any_changed_byte_above_the_last_line_is_damage_that_names_the_line()
    {
        await Append("one", "two");
        var whole = await File.ReadAllBytesAsync(Journal);
        var end = whole.AsSpan().IndexOf((byte)'\n');
        for (var at = 0; at < end; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 1;
            await File.WriteAllBytesAsync(Journal, damaged);
            var error = await Should.ThrowAsync<UserErrorException>(Store.ReadJournalAsync("staging", default), $"byte {at}");
            error.Message.ShouldContain("damaged in line 1");
            error.Remedy.ShouldNotBeNull().ShouldContain("backup");
        }
    }

    [Fact]
    public async Task A_line_that_is_missing_is_damage()
    {
        await Append("one", "two", "three");
        var lines = await File.ReadAllLinesAsync(Journal);
        await File.WriteAllTextAsync(Journal, $"{lines[0]}\n{lines[2]}\n");
        (await Should.ThrowAsync<UserErrorException>(Store.ReadJournalAsync("staging", default))).Message.ShouldContain("damaged in line 2: it has number 3");
    }

    [Fact]
    public async Task Appends_from_many_threads_are_all_there_whole_and_in_order()
    {
        await using (var held = await Lock())
            await Parallel.ForAsync(0, 200, async (i, _) => await held.AppendAsync(new JournalEvent.StepIntended($"step {i}"), default));
        var entries = await Store.ReadJournalAsync("staging", default);
        entries.Select(x => x.Sequence).ShouldBe(Enumerable.Range(1, 200).Select(x => (long)x));
        entries.Select(x => ((JournalEvent.StepIntended)x.Event).Step).ShouldBeUnique();
    }

    [Fact]
    public async Task Who_reads_while_another_writes_sees_whole_entries_only()
    {
        await using var held = await Lock();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
                await held.AppendAsync(new JournalEvent.StepIntended(new string('x', 500)), default);
        });
        var last = 0;
        do
        {
            var seen = (await Store.ReadJournalAsync("staging", default)).Length;
            seen.ShouldBeGreaterThanOrEqualTo(last);
            last = seen;
        }
        while (!writing.IsCompleted);
        await writing;
        (await Store.ReadJournalAsync("staging", default)).Length.ShouldBe(300);
    }

    [Fact]
    public async Task Every_holder_of_the_lock_gets_a_higher_token_also_when_either_file_is_lost()
    {
        var tokens = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            await using var held = await Lock();
            await held.AppendAsync(new JournalEvent.StepIntended("x"), default);
            tokens.Add(held.Token.Value);
            if (i == 2)
                (_root / "shop" / "staging" / "holder.json").DeleteFile();
        }

        tokens.ShouldBe([1, 2, 3, 4, 5, 6]);
        Journal.DeleteFile();
        await using var last = await Lock();
        last.Token.Value.ShouldBe(7);
    }

    [Fact]
    public async Task A_second_command_is_told_who_holds_the_lock()
    {
        await using var held = await Lock();
        (await Store.FindHolderAsync("staging", default)).ShouldNotBeNull().User.ShouldBe("ada");
        (await Store.FindHolderAsync("production", default)).ShouldBeNull();
        var second = Lock(TimeSpan.FromSeconds(5));
        Pass(second);
        var error = await Should.ThrowAsync<UserErrorException>(second);
        error.Message.ShouldBe("Somebody else is changing staging of shop: ada@desk (process 42, DeployStaging, since 2026-01-05 09:00:00 UTC).");
        (_time.GetUtcNow() - new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero)).ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task A_second_command_goes_on_as_soon_as_the_first_has_ended()
    {
        var held = await Lock();
        LockHolder? waitedFor = null;
        var second = Store.LockAsync("staging", Request(TimeSpan.FromMinutes(10)) with { OnWaiting = x => waitedFor = x }, default);
        for (var i = 0; i < 10; i++)
            _time.Advance(FileDeploymentStore.PollInterval);
        second.IsCompleted.ShouldBeFalse();
        waitedFor.ShouldNotBeNull().Command.ShouldBe("DeployStaging");
        await held.DisposeAsync();
        Pass(second);
        await using var now = await second;
        now.Token.Value.ShouldBe(2);
        await now.DisposeAsync();
        (await Store.FindHolderAsync("staging", default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_lock_of_another_process_holds_until_that_process_is_killed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "flock of util-linux is the other process");
        await using (await Lock())
        {
        }

        var file = _root / "shop" / "staging" / "lock";
        var child = ChildProcess.Start(new ChildProcessStart
        {
            Program = AbsolutePath.Create("/usr/bin/flock"),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" },
            Arguments = [file!, "sleep", "60"],
            WorkingDirectory = _root,
        });
        try
        {
            while (await Store.FindHolderAsync("staging", default) is null)
                await Task.Yield();
            var second = Lock(TimeSpan.Zero);
            Pass(second);
            await Should.ThrowAsync<UserErrorException>(second);
        }
        finally
        {
            child.KillTree();
        }

        // Its own child may live a moment longer: the clock runs until the lock is had.
        await child.Exited;
        var free = Lock(TimeSpan.FromDays(10_000));
        Pass(free);
        await using var held = await free;
        held.Token.Value.ShouldBe(2);
    }

    [Fact]
    public void What_is_written_into_the_journal_is_in_the_file_and_in_no_buffer()
    {
        using var journal = FileDeploymentLock.OpenJournal(_root / "journal");
        journal.Write([1, 2, 3]);
        new FileInfo(_root / "journal").Length.ShouldBe(3);
    }

    [Fact]
    public async Task An_append_that_failed_is_not_found_later_and_a_journal_that_cannot_be_closed_keeps_no_lock()
    {
        var held = new FileStream(_root / "lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var journal = new FailingStream(_root / "journal");
        var sut = new FileDeploymentLock(Store, "staging", held, journal, 0, new FencingToken(1), _time);
        await sut.AppendAsync(new JournalEvent.StepIntended("one"), default);
        var length = new FileInfo(_root / "journal").Length;
        journal.Fails = true;
        await Should.ThrowAsync<IOException>(() => sut.AppendAsync(new JournalEvent.StepIntended("two"), default));
        new FileInfo(_root / "journal").Length.ShouldBe(length);

        await sut.DisposeAsync();
        held.CanRead.ShouldBeFalse("it is closed");
    }

    sealed class FailingStream(AbsolutePath file) : FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0)
    {
        public bool Fails { get; set; }

        public override void Flush(bool flushToDisk)
        {
            if (Fails)
                throw new IOException("No space left on device");
            base.Flush(flushToDisk);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (Fails)
                throw new IOException("No space left on device");
        }
    }

    [Fact]
    public async Task An_artifact_is_kept_only_when_it_is_what_its_digest_says()
    {
        var good = World.Artifact("shop", "1.0.0");
        await using var held = await Lock();
        await held.KeepArtifactAsync(good.Digest, World.ArtifactDirectory / good.Location, default);
        Store.FindArtifact("staging", good.Digest).ShouldNotBeNull().ReadAllText().ShouldBe("shop 1.0.0");
        var bad = World.Hash("something else");
        (await Should.ThrowAsync<UserErrorException>(held.KeepArtifactAsync(bad, World.ArtifactDirectory / good.Location, default))).Message.ShouldContain(bad);
        (await Should.ThrowAsync<UserErrorException>(held.KeepArtifactAsync(bad, World.ArtifactDirectory / "none", default))).Message.ShouldContain("not there");
        Store.FindArtifact("staging", bad).ShouldBeNull();
        (_root / "shop" / "staging" / "artifacts").GetFiles().Count.ShouldBe(1);
        await held.PruneArtifactsAsync(new HashSet<string>(), default);
        Store.FindArtifact("staging", good.Digest).ShouldBeNull();
    }

    [Fact]
    public async Task A_state_directory_that_cannot_be_made_is_an_error_that_names_it()
    {
        File.WriteAllText(_root / "shop", "a file where the directory should be");
        var error = await Should.ThrowAsync<UserErrorException>(Lock());
        error.Message.ShouldContain((_root / "shop" / "staging").ToString());
        error.Remedy.ShouldNotBeNull().ShouldContain("FAIRLEAD_STATE");
    }

    [Fact]
    public async Task Nobody_else_can_read_the_state()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps the directory private by its place");
        await Append("one");
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        (File.GetUnixFileMode(Journal.Parent) & Others).ShouldBe(UnixFileMode.None);
        Journal.Parent.GetFiles().ShouldAllBe(x => (File.GetUnixFileMode(x) & Others) == UnixFileMode.None);
    }

    [Theory]
    [InlineData("/own", "/xdg", "/home/ada", "/own")]
    [InlineData(null, "/xdg", "/home/ada", "/xdg/fairlead")]
    [InlineData(null, "xdg", "/home/ada", "/home/ada/.local/state/fairlead")]
    [InlineData("", null, "/home/ada", "/home/ada/.local/state/fairlead")]
    public void The_state_is_where_the_variables_say(string? own, string? xdg, string? home, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix paths");
        FileDeploymentStore.DefaultRoot(x => x switch { "FAIRLEAD_STATE" => own, "XDG_STATE_HOME" => xdg, "HOME" => home, _ => null }).ToString().ShouldBe(expected);
    }

    [Fact]
    public void Without_any_place_for_the_state_the_message_says_what_to_set()
    {
        Should.Throw<UserErrorException>(() => FileDeploymentStore.DefaultRoot(_ => null)).Remedy.ShouldNotBeNull().ShouldContain("FAIRLEAD_STATE");
        Should.Throw<UserErrorException>(() => FileDeploymentStore.DefaultRoot(_ => "here")).Message.ShouldContain("absolute");
    }

    async Task Append(params string[] steps)
    {
        await using var held = await Lock();
        foreach (var step in steps)
            await held.AppendAsync(new JournalEvent.StepIntended(step), default);
    }

    Task<IDeploymentLock> Lock(TimeSpan wait = default) => Store.LockAsync("staging", Request(wait), default);

    void Pass(Task task)
    {
        while (!task.IsCompleted)
        {
            if (_time.NextDue is { } due)
                _time.Advance(due - _time.GetUtcNow());
        }
    }

    static LockRequest Request(TimeSpan wait) => new() { User = "ada", Host = "desk", ProcessId = 42, Command = "DeployStaging", Wait = wait };
}
