using System.Collections.Immutable;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class BackupStoreTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 15, 0, TimeSpan.Zero);

    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-copies-").FullName);

    BackupStore Store => new(_root / "copies");

    Task<BackupRecord> AddAsync(DateTimeOffset at, string? release = "1.4.0") => Store.AddAsync(Store.NewId(at, release), async file =>
    {
        await file.WriteAsync("copy"u8.ToArray());
        return new BackupRecord { Backup = new DatabaseBackup("", "shop", at, release, "", 0, false) };
    });

    public void Dispose() => _root.DeleteDirectory();

    [Fact]
    public async Task A_copy_is_named_after_time_and_version()
    {
        var first = await AddAsync(Now);
        first.Backup.Id.ShouldBe("20261120T101500Z-1.4.0");
        (await AddAsync(Now)).Backup.Id.ShouldBe("20261120T101500Z-1.4.0-2");
        (await AddAsync(Now, null)).Backup.Id.ShouldBe("20261120T101500Z");
        (await AddAsync(Now, "../../x y")).Backup.Id.ShouldBe("20261120T101500Z-.._.._x_y");
        Store.List().Length.ShouldBe(4);
        Store.Find(first.Backup.Id).Backup.ShouldBe(first.Backup);
        await using var file = await Store.OpenAsync(first.Backup, CancellationToken.None);
        file.Length.ShouldBe(4);
    }

    [Fact]
    public async Task What_failed_leaves_nothing_and_what_was_left_goes_with_the_next_copy()
    {
        await Should.ThrowAsync<UserErrorException>(() => Store.AddAsync("20261120T101500Z", _ => throw new UserErrorException("It broke.")));
        Store.List().ShouldBeEmpty();
        Directory.GetDirectories(_root / "copies").ShouldBeEmpty();
        (_root / "copies" / "20261119T101500Z.unfinished").CreateDirectory();
        await AddAsync(Now);
        Directory.GetDirectories(_root / "copies").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Old_copies_go_but_never_the_last_one_nor_what_is_needed()
    {
        var ids = new List<string>();
        foreach (var age in new[] { 90, 60, 40, 35 })
            ids.Add((await AddAsync(Now.AddDays(-age))).Backup.Id);
        Store.Prune(null, Now, []).ShouldBeEmpty();
        Store.Prune(TimeSpan.FromDays(30), Now, [ids[1]]).ShouldBe([ids[0], ids[2]]);
        Store.List().Select(x => x.Backup.Id).ShouldBe([ids[1], ids[3]]);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_or_has_another_name_is_no_copy()
    {
        var backup = (await AddAsync(Now)).Backup;
        await File.WriteAllTextAsync(_root / "copies" / backup.Id / "backup.json", "{ \"backup\": null }");
        Store.List().ShouldBeEmpty();
        await File.WriteAllTextAsync(_root / "copies" / backup.Id / "backup.json", "{");
        Should.Throw<UserErrorException>(() => Store.Find(backup.Id)).Remedy.ShouldBe("There are none at all.");
        await Should.ThrowAsync<UserErrorException>(() => Store.OpenAsync(backup with { Id = "../copies/" + backup.Id }, CancellationToken.None));
    }

    [Fact]
    public async Task Two_commands_do_not_work_on_the_copies_at_once_and_the_second_one_waits()
    {
        List<string> log = [];
        var first = await LockAsync(TimeSpan.Zero, log);
        (await Should.ThrowAsync<UserErrorException>(() => LockAsync(TimeSpan.Zero, log))).Message.ShouldContain("Another command");
        log.ShouldBeEmpty();
        var time = new ManualTimeProvider();
        var second = Store.LockAsync(TimeSpan.FromHours(1), time, log.Add, CancellationToken.None);
        second.IsCompleted.ShouldBeFalse();
        log.ShouldHaveSingleItem().ShouldContain("waits");
        first.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));
        (await second).Dispose();
    }

    Task<IDisposable> LockAsync(TimeSpan patience, List<string> log) => Store.LockAsync(patience, TimeProvider.System, log.Add, CancellationToken.None);

    [Fact]
    public async Task A_record_that_says_something_else_than_the_journal_is_refused()
    {
        var backup = (await AddAsync(Now)).Backup;
        Store.Find(backup).Backup.ShouldBe(backup);
        Should.Throw<UserErrorException>(() => Store.Find(backup with { Digest = "sha256:0" })).Message.ShouldContain("another digest than the journal");
        Should.Throw<UserErrorException>(() => Store.Find(backup with { Bytes = 5 })).Message.ShouldContain("another size");
        Should.Throw<UserErrorException>(() => Store.Find(backup with { IsEncrypted = true })).Message.ShouldContain("another encryption");
        Should.Throw<UserErrorException>(() => Store.Find(backup with { Database = "other" })).Message.ShouldContain("another database");
        await File.AppendAllTextAsync(_root / "copies" / backup.Id / "copy", "more");
        (await Should.ThrowAsync<UserErrorException>(() => Store.OpenAsync(backup, CancellationToken.None))).Message.ShouldContain("its size is another one");
    }

    [Fact]
    public async Task A_record_is_sealed_with_the_passphrase_apart_from_its_drill()
    {
        var record = await Store.AddAsync("sealed", _ => Task.FromResult(new BackupRecord { Backup = new DatabaseBackup("", "shop", Now, null, "", 0, true), Rows = ImmutableSortedDictionary<string, long>.Empty.Add("b", 2).Add("A", 1) }), "planted");
        var read = Store.Find("sealed");
        RecordSeal.Holds(read, "planted").ShouldBeTrue();
        RecordSeal.Holds(read with { Drill = new BackupDrill(Now, true, "It went well.") }, "planted").ShouldBeTrue();
        RecordSeal.Holds(read, "other").ShouldBeFalse();
        RecordSeal.Holds(read with { Rows = read.Rows!.SetItem("A", 2) }, "planted").ShouldBeFalse();
        RecordSeal.Holds(read with { Rows = null }, "planted").ShouldBeFalse();
        RecordSeal.Holds(read with { Backup = read.Backup with { Digest = record.Backup.Digest + "0" } }, "planted").ShouldBeFalse();
        RecordSeal.Holds(read with { IsDump = true }, "planted").ShouldBeFalse();
        foreach (var seal in new[] { null, "", ".", "zz.00", read.Seal + ".", read.Seal![..^1], read.Seal.Replace('.', ' ') })
            RecordSeal.Holds(read with { Seal = seal }, "planted").ShouldBeFalse(seal);
    }

    [Fact]
    public async Task A_place_that_cannot_be_used_is_a_mistake_with_a_remedy_in_all_that_works_with_it()
    {
        await File.WriteAllTextAsync(_root / "copies", "This is no directory.");
        foreach (var act in new Func<Task>[] { () => Task.FromResult(Store.List()), () => Task.FromResult(Store.Find("x")), () => AddAsync(Now), () => LockAsync(TimeSpan.Zero, []), () => { Store.Sweep(); return Task.CompletedTask; } })
        {
            var error = await Should.ThrowAsync<UserErrorException>(act);
            error.Message.ShouldContain($"'{_root / "copies"}'");
            error.Remedy.ShouldNotBeNull().ShouldContain("database: directory:");
        }

        var file = _root / "artifact";
        (await Should.ThrowAsync<UserErrorException>(() => MigrationFiles.UnpackAsync(_root / "copies" / "migrations", Archive(file), CancellationToken.None))).Message.ShouldContain("cannot be unpacked");

        static AbsolutePath Archive(AbsolutePath path)
        {
            File.WriteAllText(path, "");
            return path;
        }
    }
}
