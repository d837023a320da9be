using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class BreakLockTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-break-").FullName);

    FileDeploymentStore Store => new(_root, "shop", TimeProvider.System);

    public void Dispose() => _root.DeleteDirectory();

    [Fact]
    public async Task A_holder_whose_lock_was_broken_is_refused_by_the_journal_and_by_the_platform()
    {
        var platform = new SimulatedPlatform(new ManualTimeProvider());
        await using var former = await Store.LockAsync("staging", GitWorld.Request(), default);
        await former.AppendAsync(new JournalEvent.StepIntended("before"), default);
        (await Store.BreakLockAsync("staging", default)).ShouldNotBeNull().User.ShouldBe("ada");
        (await Store.FindHolderAsync("staging", default)).ShouldBeNull();

        await using var next = await Store.LockAsync("staging", GitWorld.Request("bob"), default);
        next.Token.Value.ShouldBeGreaterThan(former.Token.Value + 1);
        await platform.PrepareAsync([], next.Token, default);
        await Should.ThrowAsync<FencedOffException>(() => platform.PrepareAsync([], former.Token, default));
        await Should.ThrowAsync<FencedOffException>(() => former.AppendAsync(new JournalEvent.StepIntended("after"), default));
        await next.AppendAsync(new JournalEvent.StepIntended("next"), default);
        (await Store.ReadJournalAsync("staging", default)).Select(x => ((JournalEvent.StepIntended)x.Event).Step).ShouldBe(["before", "next"]);
    }

    [Fact]
    public async Task A_holder_that_wakes_up_before_anybody_else_came_changes_nothing_either()
    {
        await using var former = await Store.LockAsync("staging", GitWorld.Request(), default);
        await former.AppendAsync(new JournalEvent.StepIntended("before"), default);
        await Store.BreakLockAsync("staging", default);
        await Should.ThrowAsync<FencedOffException>(() => former.AppendAsync(new JournalEvent.StepIntended("after"), default));
        await former.DisposeAsync();
        (await Store.ReadJournalAsync("staging", default)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_lock_that_nobody_holds_is_not_broken()
    {
        (await Store.BreakLockAsync("staging", default)).ShouldBeNull();
        await using (await Store.LockAsync("staging", GitWorld.Request(), default))
        {
        }

        (await Store.BreakLockAsync("staging", default)).ShouldBeNull();
        await using var held = await Store.LockAsync("staging", GitWorld.Request(), default);
        held.Token.Value.ShouldBe(2);
    }

    [Fact]
    public async Task Of_several_who_break_it_at_once_one_does()
    {
        for (var round = 0; round < 8; round++)
        {
            await using var former = await Store.LockAsync("staging", GitWorld.Request(), default);
            await former.AppendAsync(new JournalEvent.StepIntended($"round {round}"), default);
            var breaks = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Store.BreakLockAsync("staging", default))));
            breaks.Count(x => x is not null).ShouldBe(1);
            await Should.ThrowAsync<FencedOffException>(() => former.AppendAsync(new JournalEvent.StepIntended("late"), default));
        }

        (await Store.ReadJournalAsync("staging", default)).Select(x => x.Token).ShouldBe(Enumerable.Range(0, 8).Select(x => (long)(2 * x) + 1));
    }

    [Fact]
    public async Task What_a_next_holder_was_told_is_written_stays_written_whoever_breaks_the_lock_meanwhile()
    {
        var told = new List<string>();
        for (var round = 0; round < 8; round++)
        {
            await using var former = await Store.LockAsync("staging", GitWorld.Request(), default);
            var breaks = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Store.BreakLockAsync("staging", default))).ToList();
            await using var next = await Store.LockAsync("staging", GitWorld.Request("bob", wait: 30), default);
            next.Token.Value.ShouldBeGreaterThan(former.Token.Value);
            try
            {
                for (var i = 0; i < 5; i++)
                {
                    await next.AppendAsync(new JournalEvent.StepIntended($"{round}.{i}"), default);
                    told.Add($"{round}.{i}");
                }
            }
            catch (FencedOffException)
            {
                // Somebody came so late that it was this one that they found.
            }

            await Task.WhenAll(breaks);
        }

        (await Store.ReadJournalAsync("staging", default)).Select(x => ((JournalEvent.StepIntended)x.Event).Step).Where(told.Contains).ShouldBe(told);
    }
}
