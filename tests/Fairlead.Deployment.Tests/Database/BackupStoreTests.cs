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
    public void Two_commands_do_not_work_on_the_copies_at_once()
    {
        using (Store.Lock())
            Should.Throw<UserErrorException>(() => Store.Lock()).Message.ShouldContain("Another command");
        using var again = Store.Lock();
    }
}
