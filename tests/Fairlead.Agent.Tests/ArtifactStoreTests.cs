using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

public sealed class ArtifactStoreTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
    readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = new ArtifactStore(_root / "revisions", TimeProvider.System);

    public void Dispose() => _root.DeleteDirectory();

    (AbsolutePath File, string Digest) Pack(params TarEntry[] entries)
    {
        var file = _root / "artifact.tar.gz";
        using (var zip = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        using (var writer = new TarWriter(zip))
        {
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        }

        return (file, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
    }

    static PaxTarEntry Plain(string name, string content = "x", UnixFileMode mode = UnixFileMode.UserRead) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), Mode = mode };

    static PaxTarEntry Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) => new(type, name) { LinkName = target };

    Task<AbsolutePath> UnpackAsync(params TarEntry[] entries)
    {
        var (file, digest) = Pack(entries);
        return _store.UnpackAsync(file, digest, CancellationToken.None);
    }

    [Fact]
    public async Task Files_are_unpacked_read_only_and_programs_stay_programs()
    {
        var place = await UnpackAsync(Plain("./app/run", "#!/bin/sh", UnixFileMode.UserExecute | UnixFileMode.UserWrite), Plain("data.txt", "hello"));

        (place / "data.txt").ReadAllText().ShouldBe("hello");
        File.GetUnixFileMode(place / "data.txt").HasFlag(UnixFileMode.UserWrite).ShouldBeFalse();
        File.GetUnixFileMode(place / "app" / "run").HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        File.GetUnixFileMode(place / "app").HasFlag(UnixFileMode.UserWrite).ShouldBeFalse();
        File.GetUnixFileMode(place).HasFlag(UnixFileMode.UserWrite).ShouldBeFalse();
        place.Parent.GetDirectories().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_same_artifact_is_unpacked_once_and_its_file_may_be_gone_then()
    {
        var (file, digest) = Pack(Plain("a"));
        var first = await _store.UnpackAsync(file, digest, CancellationToken.None);
        file.DeleteFile();
        (await _store.UnpackAsync(file, digest, CancellationToken.None)).ShouldBe(first);
    }

    [Fact]
    public async Task Another_content_than_the_digest_says_is_refused()
    {
        var (file, _) = Pack(Plain("a"));
        var error = await Should.ThrowAsync<UserErrorException>(_store.UnpackAsync(file, "sha256:" + new string('0', 64), CancellationToken.None));
        error.Message.ShouldContain("is not the one of the release");
    }

    [Theory]
    [InlineData("sha256:../../etc")]
    [InlineData("sha256:")]
    [InlineData("")]
    public async Task A_digest_that_is_none_is_refused(string digest) =>
        await Should.ThrowAsync<UserErrorException>(_store.UnpackAsync(_root / "x", digest, CancellationToken.None));

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/outside")]
    public async Task An_entry_that_leaves_the_directory_is_refused(string name)
    {
        await Should.ThrowAsync<UserErrorException>(UnpackAsync(Plain(name)));
        (_root / "revisions").GetDirectories().ShouldBeEmpty();
        (_root / "outside").Exists().ShouldBeFalse();
        File.Exists("/outside").ShouldBeFalse();
    }

    [Theory]
    [InlineData("link", "/etc")]
    [InlineData("link", "..")]
    [InlineData("a/link", "../..")]
    [InlineData("a/link", "../b/../..")]
    [InlineData("link", "a/..")]
    public async Task A_link_that_leads_outside_is_refused(string name, string target) =>
        (await Should.ThrowAsync<UserErrorException>(UnpackAsync(Link(name, target)))).Message.ShouldContain("SymbolicLink");

    [Fact]
    public async Task Nothing_is_written_through_a_link() =>
        (await Should.ThrowAsync<UserErrorException>(UnpackAsync(Link("here", "."), Plain("here/file")))).Message.ShouldContain("leads through a link");

    [Fact]
    public async Task A_file_in_the_place_of_a_link_does_not_follow_it() =>
        await Should.ThrowAsync<UserErrorException>(UnpackAsync(Link("a", "b"), Plain("a")));

    [Fact]
    public async Task Links_that_stay_inside_work()
    {
        var place = await UnpackAsync(Plain("lib/tool.js", "tool"), Link("bin/tool", "../lib/tool.js"));
        (place / "bin" / "tool").ReadAllText().ShouldBe("tool");
    }

    [Theory]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    public async Task Hard_links_and_devices_are_refused(TarEntryType type) =>
        await Should.ThrowAsync<UserErrorException>(UnpackAsync(type == TarEntryType.HardLink ? Link("x", "/etc/passwd", type) : new PaxTarEntry(type, "x")));

    [Fact]
    public async Task What_is_no_archive_is_said_to_be_none()
    {
        var file = (_root / "artifact.tar.gz").WriteAllText("not an archive");
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        (await Should.ThrowAsync<UserErrorException>(_store.UnpackAsync(file, digest, CancellationToken.None))).Message.ShouldContain("tar.gz");
    }

    [Fact]
    public async Task Pruning_keeps_what_is_used_and_the_last_three()
    {
        List<string> digests = [];
        for (var i = 0; i < 6; i++)
        {
            var (file, digest) = Pack(Plain("a", $"{i}"));
            var place = await _store.UnpackAsync(file, digest, CancellationToken.None);
            Directory.SetLastWriteTimeUtc(place, DateTime.UnixEpoch.AddDays(i));
            digests.Add(digest);
        }

        _store.Prune(new HashSet<string> { digests[0] });

        digests.Select(x => _store.DirectoryOf(x).DirectoryExists()).ShouldBe([true, false, false, true, true, true]);
    }
}
