using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class GitDeploymentStoreTests : IAsyncLifetime
{
    readonly GitWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.StartAsync();

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_one_machine_appends_another_reads_in_order_and_the_next_token_is_higher()
    {
        var here = _world.On("here");
        (await here.ReadJournalAsync("staging", default)).ShouldBeEmpty();
        await using (var held = await here.LockAsync("staging", GitWorld.Request(), default))
        {
            held.Token.Value.ShouldBe(1);
            await held.AppendAsync(new JournalEvent.StepIntended("Zeilen\numbruch – \"“é😀\""), default);
            await held.AppendAsync(new JournalEvent.StepDone("two"), default);
            (await here.ReadJournalAsync("staging", default)).Length.ShouldBe(2);
        }

        var there = _world.On("there");
        (await there.FindHolderAsync("staging", default)).ShouldBeNull();
        await using (var held = await there.LockAsync("staging", GitWorld.Request("bob"), default))
        {
            held.Token.Value.ShouldBe(2);
            await held.AppendAsync(new JournalEvent.UndoStarted("three"), default);
        }

        var entries = await here.ReadJournalAsync("staging", default);
        entries.Select(x => (x.Sequence, x.Token)).ShouldBe([(1, 1), (2, 1), (3, 2)]);
        entries.Select(x => x.Event).ShouldBe([new JournalEvent.StepIntended("Zeilen\numbruch – \"“é😀\""), new JournalEvent.StepDone("two"), new JournalEvent.UndoStarted("three")]);
        (await here.ReadJournalAsync("production", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_does_not_wait_is_told_who_holds_it_and_who_waits_gets_it_afterwards()
    {
        var held = await _world.On("here").LockAsync("staging", GitWorld.Request(), default);
        foreach (var machine in (string[])["here", "there"])
        {
            var error = await Should.ThrowAsync<UserErrorException>(_world.On(machine).LockAsync("staging", GitWorld.Request("bob"), default));
            error.Message.ShouldContain("ada@desk (process 7, Deploy, since ");
            error.Remedy.ShouldNotBeNull().ShouldContain(":unlock staging");
        }

        LockHolder? told = null;
        var next = _world.On("there").LockAsync("staging", GitWorld.Request("bob", wait: 30, onWaiting: x => told = x), default);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        next.IsCompleted.ShouldBeFalse();
        await held.DisposeAsync();
        await using var taken = await next;
        taken.Token.Value.ShouldBe(2);
        told.ShouldNotBeNull().User.ShouldBe("ada");
    }

    [Fact]
    public async Task A_holder_that_is_silent_for_its_lease_loses_the_lock_and_changes_nothing_when_it_wakes_up()
    {
        // Its clock stands still, and with it the timer that gives signs of life.
        var asleep = _world.On("here", new ManualTimeProvider(), lease: 0.5);
        await using var lost = await asleep.LockAsync("staging", GitWorld.Request(), default);
        await lost.AppendAsync(new JournalEvent.StepIntended("before"), default);

        var there = _world.On("there");
        await using var held = await there.LockAsync("staging", GitWorld.Request("bob", wait: 30), default);
        held.Token.Value.ShouldBe(2);
        await Should.ThrowAsync<FencedOffException>(lost.AppendAsync(new JournalEvent.StepIntended("after"), default));
        await Should.ThrowAsync<FencedOffException>(lost.AppendAsync(new JournalEvent.StepIntended("again"), default));
        await held.AppendAsync(new JournalEvent.StepIntended("next"), default);
        await lost.DisposeAsync();
        (await there.FindHolderAsync("staging", default)).ShouldNotBeNull().User.ShouldBe("bob");
        (await there.ReadJournalAsync("staging", default)).Select(x => ((JournalEvent.StepIntended)x.Event).Step).ShouldBe(["before", "next"]);
    }

    [Fact]
    public async Task A_holder_that_lives_keeps_the_lock_for_longer_than_its_lease()
    {
        await using var held = await _world.On("here", lease: 0.9).LockAsync("staging", GitWorld.Request(), default);
        await Should.ThrowAsync<UserErrorException>(_world.On("there").LockAsync("staging", GitWorld.Request("bob", wait: 2), default));
        await held.AppendAsync(new JournalEvent.StepIntended("still mine"), default);
    }

    [Fact]
    public async Task A_lock_that_was_broken_is_free_at_once_and_its_former_holder_is_fenced_off()
    {
        var here = _world.On("here");
        (await here.BreakLockAsync("staging", default)).ShouldBeNull();
        await using var broken = await here.LockAsync("staging", GitWorld.Request(), default);
        (await _world.On("here").BreakLockAsync("staging", default)).ShouldNotBeNull().User.ShouldBe("ada");
        await using var held = await _world.On("here").LockAsync("staging", GitWorld.Request("bob"), default);
        held.Token.Value.ShouldBe(3);
        await Should.ThrowAsync<FencedOffException>(broken.AppendAsync(new JournalEvent.StepIntended("x"), default));
        (await here.ReadJournalAsync("staging", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Operators_reach_the_holder_on_another_machine_and_nobody_else()
    {
        var (here, there) = (_world.On("here"), _world.On("there"));
        (await there.RequestAsync("staging", OperatorAction.Pause, "bob@phone", default)).ShouldBeFalse();
        await using (await here.LockAsync("staging", GitWorld.Request(), default))
        {
            (await there.RequestAsync("staging", OperatorAction.Pause, "bob@phone", default)).ShouldBeTrue();
            (await there.RequestAsync("staging", OperatorAction.Abort, "bob@phone", default)).ShouldBeTrue();
            var request = (await here.ReadRequestAsync("staging", default)).ShouldNotBeNull();
            (request.Token, request.Action, request.By).ShouldBe((1, OperatorAction.Abort, "bob@phone"));
        }

        (await there.RequestAsync("staging", OperatorAction.Pause, "bob@phone", default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_remote_that_cannot_move_two_refs_at_once_is_written_one_by_one_under_the_same_rules()
    {
        await _world.GitAsync("-C", _world.Remote, "config", "receive.advertiseAtomic", "false");
        await using var lost = await _world.On("here", new ManualTimeProvider(), lease: 0.5).LockAsync("staging", GitWorld.Request(), default);
        await lost.AppendAsync(new JournalEvent.StepIntended("one"), default);
        await lost.AppendAsync(new JournalEvent.StepIntended("two"), default);
        await using var held = await _world.On("there").LockAsync("staging", GitWorld.Request("bob", wait: 30), default);
        await Should.ThrowAsync<FencedOffException>(lost.AppendAsync(new JournalEvent.StepIntended("late"), default));
        await held.AppendAsync(new JournalEvent.StepIntended("three"), default);
        (await _world.On("third").ReadJournalAsync("staging", default)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_remote_that_refuses_to_rewind_refs_is_enough()
    {
        await _world.GitAsync("-C", _world.Remote, "config", "receive.denyNonFastForwards", "true");
        await _world.GitAsync("-C", _world.Remote, "config", "receive.denyDeletes", "true");
        for (var i = 0; i < 2; i++)
        {
            await using var held = await _world.On($"machine{i}").LockAsync("staging", GitWorld.Request(), default);
            await held.AppendAsync(new JournalEvent.StepIntended("x"), default);
        }
    }

    [Fact]
    public async Task Without_the_store_nothing_is_appended_and_what_gave_traffic_back_is_told_later()
    {
        var here = _world.Hasty("here");
        var held = await here.LockAsync("staging", GitWorld.Request(), default);
        await held.AppendAsync(new JournalEvent.StepIntended("canary"), default);
        _world.Disconnect();
        (await Should.ThrowAsync<IOException>(held.AppendAsync(new JournalEvent.StepDone("canary"), default))).Message.ShouldContain("out of reach");
        await held.KeepForLaterAsync(new JournalEvent.UndoStarted("It failed."));
        // No second wait: traffic is to be given back.
        var start = TimeProvider.System.GetTimestamp();
        await Should.ThrowAsync<IOException>(held.AppendAsync(new JournalEvent.StepIntended("switch"), default));
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(0.3));
        await held.KeepForLaterAsync(new JournalEvent.OperationFinished(OperationResult.Undone));
        (await here.ReadJournalAsync("staging", default)).Select(x => x.Sequence).ShouldBe([1, 2, 3]);
        await held.DisposeAsync();
        (await Should.ThrowAsync<UserErrorException>(_world.Hasty("there").LockAsync("staging", GitWorld.Request(), default))).Message.ShouldContain("out of reach");

        _world.Reconnect();
        // On the same machine the lock of the dead is free at once.
        await using (await _world.On("here").LockAsync("staging", GitWorld.Request(), default))
        {
        }

        var entries = await _world.On("there").ReadJournalAsync("staging", default);
        entries.Select(x => (x.Sequence, x.Token, x.Delay)).ShouldBe([(1, 1, null), (2, 1, JournalDelay.Late), (3, 1, JournalDelay.Late)]);
        entries[2].Event.ShouldBe(new JournalEvent.OperationFinished(OperationResult.Undone));
        _world.StateOf("here").GetFiles("*pending*").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_comes_when_others_have_gone_on_says_nothing_of_what_is_live()
    {
        var held = await _world.Hasty("here", lease: 1).LockAsync("staging", GitWorld.Request(), default);
        _world.Disconnect();
        await Should.ThrowAsync<IOException>(held.AppendAsync(new JournalEvent.StepIntended("x"), default));
        await held.KeepForLaterAsync(new JournalEvent.OperationFinished(OperationResult.Undone));
        await held.DisposeAsync();
        _world.Reconnect();
        await using (var next = await _world.On("there").LockAsync("staging", GitWorld.Request(wait: 30), default))
            await next.AppendAsync(new JournalEvent.OperationStarted(OperationKind.Down, null, [], "bob"), default);
        await using (await _world.On("here").LockAsync("staging", GitWorld.Request(), default))
        {
        }

        var entries = await _world.On("there").ReadJournalAsync("staging", default);
        entries.Select(x => x.Delay).ShouldBe([null, JournalDelay.Superseded]);
        EnvironmentHistory.Of(entries).Unfinished.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_store_that_comes_back_gets_the_rest_from_the_same_holder()
    {
        await using var held = await _world.Hasty("here", lease: 1).LockAsync("staging", GitWorld.Request(), default);
        _world.Disconnect();
        await Should.ThrowAsync<IOException>(held.AppendAsync(new JournalEvent.StepIntended("x"), default));
        await held.KeepForLaterAsync(new JournalEvent.UndoStarted("It failed."));
        _world.Reconnect();
        var there = _world.On("there");
        for (var i = 0; i < 100 && (await there.ReadJournalAsync("staging", default)).IsEmpty; i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        await held.AppendAsync(new JournalEvent.StepIntended("y"), default);
        (await there.ReadJournalAsync("staging", default)).Select(x => (x.Sequence, x.Delay)).ShouldBe([(1, JournalDelay.Late), (2, null)]);
    }

    [Fact]
    public async Task A_lock_without_the_store_is_obeyed_after_the_last_holder_and_before_the_next()
    {
        await using (var held = await _world.On("here").LockAsync("staging", GitWorld.Request(), default))
            await held.AppendAsync(new JournalEvent.StepIntended("x"), default);
        _world.Disconnect();
        var here = _world.Hasty("here");
        await using (var offline = await here.LockAsync("staging", GitWorld.Request(offline: true), default))
        {
            (offline.IsOffline, offline.Token.Value).ShouldBe((true, 2));
            _world.Notices.ShouldHaveSingleItem().ShouldContain("only traffic is given back");
            await Should.ThrowAsync<UserErrorException>(_world.Hasty("here").LockAsync("staging", GitWorld.Request(offline: true), default));
            await offline.AppendAsync(new JournalEvent.StepDone("switch"), default);
            (await here.ReadJournalAsync("staging", default)).Length.ShouldBe(2);
        }

        _world.Reconnect();
        await using var next = await _world.On("here").LockAsync("staging", GitWorld.Request(), default);
        next.Token.Value.ShouldBe(3);
        (await _world.On("there").ReadJournalAsync("staging", default)).Select(x => (x.Token, x.Delay)).ShouldBe([(1, null), (2, JournalDelay.Late)]);
    }

    [Fact]
    public async Task Refs_that_somebody_deleted_do_not_give_a_token_twice_on_a_machine_that_knew_them()
    {
        for (var i = 1; i <= 3; i++)
        {
            await using var held = await _world.On("here").LockAsync("staging", GitWorld.Request(), default);
            held.Token.Value.ShouldBe(i);
            await _world.GitAsync("-C", _world.Remote, "update-ref", "-d", "refs/fairlead/staging/lock");
        }
    }

    [Fact]
    public async Task A_journal_that_somebody_wrote_into_by_hand_is_damage()
    {
        await using (var held = await _world.On("here").LockAsync("staging", GitWorld.Request(), default))
            await held.AppendAsync(new JournalEvent.StepIntended("x"), default);
        var tip = await _world.GitAsync("-C", _world.Remote, "rev-parse", "refs/fairlead/staging/journal");
        var commit = await _world.GitAsync("-C", _world.Remote, "-c", "user.name=x", "-c", "user.email=x", "commit-tree", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "-p", tip, "-m", "hello");
        await _world.GitAsync("-C", _world.Remote, "update-ref", "refs/fairlead/staging/journal", commit);
        (await Should.ThrowAsync<UserErrorException>(_world.On("there").ReadJournalAsync("staging", default))).Message.ShouldContain("damaged in its last entry");
    }

    [Fact]
    public async Task Credentials_of_the_remote_are_not_shown()
    {
        var store = _world.On("here", remote: "http://ada:hunter2hunter2@127.0.0.1:1/shop.git");
        var error = await Should.ThrowAsync<UserErrorException>(store.LockAsync("staging", GitWorld.Request(), default));
        error.Display.ShouldContain("http://127.0.0.1:1/shop.git");
        await store.ReadJournalAsync("staging", default);
        foreach (var text in _world.Notices.Append(error.ToString()).Append(error.Display))
            text.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task The_remote_of_a_clone_is_found_by_its_name_and_the_clone_is_not_touched()
    {
        var clone = _world.StateOf("clone");
        await _world.GitAsync("clone", "--quiet", _world.Remote, clone);
        var before = Directory.GetFileSystemEntries(clone, "*", SearchOption.AllDirectories).Order().ToList();
        using var store = new GitDeploymentStore(_world.StateOf("here"), "shop", new GitStoreOptions { Remote = "origin", CloneDirectory = clone }, _world.Processes, TimeProvider.System);
        await using (var held = await store.LockAsync("staging", GitWorld.Request(), default))
            await held.AppendAsync(new JournalEvent.StepIntended("x"), default);
        (await _world.On("there").ReadJournalAsync("staging", default)).Length.ShouldBe(1);
        Directory.GetFileSystemEntries(clone, "*", SearchOption.AllDirectories).Order().ShouldBe(before);
        using var other = new GitDeploymentStore(_world.StateOf("here"), "shop", new GitStoreOptions { Remote = "upstream", CloneDirectory = clone }, _world.Processes, TimeProvider.System);
        (await Should.ThrowAsync<UserErrorException>(other.ReadJournalAsync("staging", default))).Message.ShouldContain("no remote of that name");
    }
}
