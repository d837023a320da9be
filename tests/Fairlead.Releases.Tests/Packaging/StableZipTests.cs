using System.IO.Compression;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class StableZipTests : IDisposable
{
    static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 0, 1, TimeSpan.FromHours(2));

    readonly TemporaryDirectory _temporary = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Times_permissions_and_place_make_no_difference_and_programs_can_be_started()
    {
        var first = Fill(Root / "one", DateTime.UtcNow.AddDays(-3), UnixFileMode.UserRead);
        var second = Fill(Root / "another" / "place", DateTime.UtcNow, UnixFileMode.UserRead | UnixFileMode.OtherExecute);
        StableZip.Create(first, Root / "1.zip", Time);
        StableZip.Create(second, Root / "2.zip", Time);
        File.ReadAllBytes(Root / "1.zip").ShouldBe(File.ReadAllBytes(Root / "2.zip"));
        using var zip = ZipFile.OpenRead(Root / "1.zip");
        zip.Entries.Select(x => $"{x.FullName} {Convert.ToString((x.ExternalAttributes >> 16) & 0x1FF, 8)}").ShouldBe(["B 644", "b/ 755", "b/z 644", "run.sh 755"]);
        zip.Entries.ShouldAllBe(x => x.LastWriteTime.DateTime == new DateTime(2026, 1, 5, 7, 0, 0));
        zip.ExtractToDirectory(Root / "out");
        File.GetUnixFileMode(Root / "out" / "run.sh").HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
    }

    [Fact]
    public void A_commit_before_the_time_that_zip_files_know_is_one_of_1980()
    {
        Fill(Root / "one", DateTime.UtcNow, UnixFileMode.UserRead);
        StableZip.Create(Root / "one", Root / "1.zip", DateTimeOffset.UnixEpoch);
        using var zip = ZipFile.OpenRead(Root / "1.zip");
        zip.Entries[0].LastWriteTime.Year.ShouldBe(1980);
    }

    [Fact]
    public void Links_and_nothing_are_refused()
    {
        (Root / "one").CreateDirectory();
        Should.Throw<UserErrorException>(() => StableZip.Create(Root / "one", Root / "1.zip", Time)).Message.ShouldContain("holds no file");
        File.CreateSymbolicLink(Root / "one" / "link", "/etc/passwd");
        Should.Throw<UserErrorException>(() => StableZip.Create(Root / "one", Root / "1.zip", Time)).Message.ShouldContain("is a link");
        Root.GetFiles().ShouldBeEmpty();
    }

    static AbsolutePath Fill(AbsolutePath directory, DateTime time, UnixFileMode mode)
    {
        foreach (var (name, text) in new[] { ("b/z", "x"), ("B", ""), ("run.sh", "#!/bin/sh\n") })
        {
            (directory / name).WriteAllText(text);
            File.SetLastWriteTimeUtc(directory / name, time);
            File.SetUnixFileMode(directory / name, mode);
        }

        return directory;
    }
}
