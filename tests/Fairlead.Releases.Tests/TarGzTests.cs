using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Releases.Tests;

public sealed class TarGzTests : IDisposable
{
    static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 0, 0, 123, TimeSpan.Zero);

    readonly TemporaryDirectory _temporary = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Order_times_permissions_and_place_of_the_files_make_no_difference()
    {
        var trees = Gen.Zip(
            Gen.Elements("a", "b/c", "b/d", "B", "ä", "b.txt", "a-b/" + new string('x', 90) + "/" + new string('y', 90)),
            ArbMap.Default.GeneratorFor<byte[]>()).NonEmptyListOf().ToArbitrary();
        var round = 0;
        Prop.ForAll(trees, tree =>
        {
            var files = tree.DistinctBy(x => x.Item1, StringComparer.OrdinalIgnoreCase).ToList();
            round++;
            var first = Pack(Root / $"{round}-1", files, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc), UnixFileMode.UserRead);
            var second = Pack(Root / "other" / $"{round}-2", files.AsEnumerable().Reverse(), DateTime.UtcNow, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
            var unpacked = (Root / $"{round}-3").CreateDirectory();
            using (var gzip = new GZipStream(File.OpenRead(second), CompressionMode.Decompress))
                TarFile.ExtractToDirectory(gzip, unpacked, overwriteFiles: false);
            return File.ReadAllBytes(first).AsSpan().SequenceEqual(File.ReadAllBytes(second))
                && files.All(x => File.ReadAllBytes(unpacked / x.Item1).AsSpan().SequenceEqual(x.Item2));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void Entries_are_sorted_and_have_the_time_of_the_commit_no_owner_and_plain_permissions()
    {
        var archive = Pack(
            Root / "in",
            [("b/z", "x"u8.ToArray()), ("B", []), ("run.sh", "#!/bin/sh\n"u8.ToArray()), ("program", [0x7F, (byte)'E', (byte)'L', (byte)'F', 2])],
            DateTime.UtcNow,
            UnixFileMode.UserRead);
        using var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        List<string> entries = [];
        while (tar.GetNextEntry() is GnuTarEntry entry)
        {
            entries.Add($"{entry.Name} {Convert.ToString((int)entry.Mode, 8)}");
            (entry.Uid, entry.Gid, entry.UserName, entry.GroupName).ShouldBe((0, 0, "", ""));
            entry.ModificationTime.ShouldBe(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
        }

        entries.ShouldBe(["B 644", "b/ 755", "b/z 644", "program 755", "run.sh 755"]);
    }

    [Fact]
    public void The_header_tells_neither_time_nor_name_nor_system()
    {
        var archive = Pack(Root / "in", [("a", [1])], DateTime.UtcNow, UnixFileMode.UserRead);
        File.ReadAllBytes(archive)[..10].ShouldBe(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF });
    }

    /// <summary>One known archive: it tells when another runtime packs differently, which would give new digests to old commits.</summary>
    [Fact]
    public void The_uncompressed_bytes_are_the_same_for_ever()
    {
        var archive = Pack(Root / "in", [("a.txt", "hello"u8.ToArray()), ("d/e", [0, 1, 2])], DateTime.UtcNow, UnixFileMode.UserRead);
        using var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        Convert.ToHexStringLower(SHA256.HashData(gzip)).ShouldBe("175ef3b49bcf9a238a99f93826cf2d7bda290b1f0ed1fd36b3c4f880fdbe68e3");
    }

    [Fact]
    public void A_link_nothing_and_no_directory_are_refused_and_leave_no_archive()
    {
        var directory = (Root / "in").CreateDirectory();
        Should.Throw<UserErrorException>(() => TarGz.Create(directory, Root / "x.tar.gz", Time)).Message.ShouldContain("holds no file");
        Should.Throw<UserErrorException>(() => TarGz.Create(Root / "none", Root / "x.tar.gz", Time)).Message.ShouldContain("does not exist");
        (directory / "file").WriteAllText("x");
        File.CreateSymbolicLink(directory / "link", "/etc/passwd");
        Should.Throw<UserErrorException>(() => TarGz.Create(directory, Root / "x.tar.gz", Time)).Message.ShouldContain("is a link (to '/etc/passwd')");
        Root.GetFiles().ShouldBeEmpty();
    }

    static AbsolutePath Pack(AbsolutePath directory, IEnumerable<(string Name, byte[] Content)> files, DateTime time, UnixFileMode mode)
    {
        foreach (var (name, content) in files)
        {
            var file = directory / name;
            file.Parent.CreateDirectory();
            File.WriteAllBytes(file, content);
            File.SetLastWriteTimeUtc(file, time);
            File.SetUnixFileMode(file, mode);
        }

        TarGz.Create(directory, directory + ".tar.gz", Time);
        return directory + ".tar.gz";
    }
}
