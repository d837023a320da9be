using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

public sealed class ToolProviderTests : IDisposable
{
    static readonly byte[] Program = Encoding.UTF8.GetBytes("#!/bin/sh\necho hello\n");

    readonly AbsolutePath _directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-tools-").FullName);
    readonly FakeProcessRunner _processes = new();
    readonly List<string> _log = [];
    readonly byte[] _package;

    public ToolProviderTests()
    {
        _package = TarGz("package/bin/tool", Program);
        _processes.When(x => x.Tool == "npm", command =>
        {
            File.WriteAllBytes(command.WorkingDirectory! / "thing-1.0.0.tgz", _package);
            return new ProcessResult(0, [], TimeSpan.Zero);
        });
    }

    public void Dispose() => _directory.DeleteDirectory();

    AbsolutePath Kept => _directory / "cache/fairlead/tools" / Sha256(Program) / "tool";

    [Fact]
    public async Task A_package_is_fetched_once_without_scripts_verified_and_kept_by_its_digest()
    {
        var tool = await ProvideAsync(Npm());
        tool.Program.ShouldBe(Kept);
        tool.Version.ShouldBe("1.0.0");
        File.ReadAllBytes(Kept).ShouldBe(Program);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Kept).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        _processes.Commands.ShouldHaveSingleItem().Arguments.ShouldBe(["pack", "@a/thing@1.0.0", "--ignore-scripts", "--silent"]);
        _log[0].ShouldBe("tool 1.0.0 is fetched from the npm package @a/thing@1.0.0, as .nuke/tools.lock.json says …");
        (await ProvideAsync(Npm())).Program.ShouldBe(Kept);
        _processes.Commands.Count.ShouldBe(1);
        Kept.Parent.GetFiles().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_kept_program_that_was_changed_is_not_started()
    {
        await ProvideAsync(Npm());
        File.AppendAllText(Kept, "x");
        var refusal = await Should.ThrowAsync<ToolIntegrityException>(ProvideAsync(Npm()));
        refusal.Message.ShouldContain($"expected {Sha256(Program)}, got {Sha256([.. Program, (byte)'x'])}");
        refusal.Message.ShouldContain("It was not started.");
        refusal.Remedy.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_package_or_a_program_with_another_digest_is_refused_and_not_kept()
    {
        (await Should.ThrowAsync<ToolIntegrityException>(ProvideAsync(Npm() with { Integrity = "sha512-" + Convert.ToBase64String(new byte[64]) }))).Message.ShouldStartWith("The npm package @a/thing@1.0.0 is not what");
        (await Should.ThrowAsync<ToolIntegrityException>(ProvideAsync(Npm() with { Sha256 = new string('0', 64) }))).Message.ShouldStartWith("The program from the npm package");
        (_directory / "cache").GlobFiles("**/*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_at_once_get_the_same_whole_program()
    {
        var tools = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ProvideAsync(Npm()))));
        tools.ShouldAllBe(x => x.Program == (string)Kept);
        Kept.Parent.GetFiles().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_download_is_unpacked_whatever_it_is_packed_in(bool zip)
    {
        var archive = zip ? Zip("tool", Program) : TarGz("./tool", Program);
        var tool = await ProvideAsync(new ToolSource.Download("https://example.org/tool", Sha256(archive), "tool", Sha256(Program)), archive);
        tool.Program.ShouldBe(Kept);
        await Should.ThrowAsync<ToolIntegrityException>(ProvideAsync(new ToolSource.Download("https://example.org/tool", Sha256(Program), "tool", Sha256(archive)), archive));
    }

    [Fact]
    public async Task What_cannot_be_reached_is_told_with_everything_that_was_tried()
    {
        _processes.When(x => x.Tool == "npm", _ => throw new ToolNotFoundException("npm"));
        var tool = await ProvideAsync([new ToolSource.Download("https://example.org/tool", Sha256(Program), null, Sha256(Program)), Npm()], null);
        tool.Program.ShouldBeNull();
        tool.Explanation.ShouldBe("tool is not on the PATH, and it could not be fetched; tried: a download from example.org (no network); the npm package @a/thing@1.0.0 (The program 'npm' was not found).");
        (await ProvideAsync(Npm() with { Member = "other" })).Explanation.ShouldContain("The program 'npm' was not found");
    }

    [Fact]
    public async Task A_program_on_the_path_is_used_unless_the_lock_passes_over_it()
    {
        var bin = (_directory / "bin").CreateDirectory();
        File.WriteAllBytes(bin / "tool", Program);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bin / "tool", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var tool = await ProvideAsync(Npm());
        tool.Program.ShouldBe(bin / "tool");
        tool.Version.ShouldBeNull();
        (await ProvideAsync([Npm()], null, ignorePath: true)).Program.ShouldBe(Kept);
    }

    static ToolSource.Npm Npm(byte[] package) => new("@a/thing", "1.0.0", $"sha512-{Convert.ToBase64String(SHA512.HashData(package))}", "bin/tool", Sha256(Program));

    ToolSource.Npm Npm() => Npm(_package);

    Task<ProvidedTool> ProvideAsync(ToolSource source, byte[]? download = null) => ProvideAsync([source], download);

    async Task<ProvidedTool> ProvideAsync(ToolSource[] sources, byte[]? download, bool ignorePath = false)
    {
        var tool = new LockedTool("tool", "1.0.0", ImmutableSortedDictionary<string, ImmutableArray<ToolSource>>.Empty.Add(ToolProvider.Platform, [.. sources])) { IgnorePath = ignorePath };
        var environment = new Dictionary<string, string> { ["PATH"] = _directory / "bin", ["XDG_CACHE_HOME"] = _directory / "cache", ["LOCALAPPDATA"] = _directory / "cache" };
        using var server = new Server(download);
        return await new ToolProvider(_processes, environment, new HttpMessageInvoker(server)).ProvideAsync("tool", new ToolsLock(ToolsLock.Empty.Tools.SetItem("tool", tool)), x =>
        {
            lock (_log)
                _log.Add(x);
        });
    }

    static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    static byte[] TarGz(string name, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return stream.ToArray();
    }

    static byte[] Zip(string name, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write(content);
        return stream.ToArray();
    }

    sealed class Server(byte[]? content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => content is null
            ? Task.FromException<HttpResponseMessage>(new HttpRequestException("no network"))
            : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(content) });
    }
}
