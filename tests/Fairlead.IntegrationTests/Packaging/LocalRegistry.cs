using Fairlead.Releases;
using Fairlead.Testing.Images;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A real registry on this machine, with a base image that is made of the runtime of the installed SDK.</summary>
sealed class LocalRegistry : IAsyncDisposable
{
    readonly Background _server;
    readonly HttpClient _http = new();

    LocalRegistry(string host, Background server) => (Host, _server) = (host, server);

    public string Host { get; }

    public string BaseImage => $"{Host}/base/aspnet:10.0";

    public static async Task<LocalRegistry> StartAsync(AbsolutePath directory)
    {
        var program = ToolPath.Find("docker-registry", directory, Environment.GetEnvironmentVariable("PATH"));
        Assert.SkipWhen(program is null, "docker-registry is not installed (Debian's package of that name has it).");
        var port = Background.FreePort();
        (directory / "registry.yml").WriteAllText($$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: {{directory / "registry"}} } }
            http: { addr: 127.0.0.1:{{port}} }
            """);
        var registry = new LocalRegistry($"127.0.0.1:{port}", new Background(directory, ToolCommand.Of(program!.ToString(), "serve", directory / "registry.yml")));
        await registry._server.UntilAsync(async () =>
        {
            using var response = await registry._http.GetAsync(new Uri($"http://{registry.Host}/v2/"));
            return response.IsSuccessStatusCode;
        });
        await registry.PushBaseImageAsync(directory);
        return registry;
    }

    public OciRegistry Client() => new(_http, Host, credentials: null, new Redactor(), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    // Only the runtime and the libraries that it loads; the other processor's image has them too, and is never started.
    async Task PushBaseImageAsync(AbsolutePath directory)
    {
        var dotnet = AbsolutePath.Create(typeof(object).Assembly.Location).FindParentOrSelf(x => (x / "shared").DirectoryExists() && (x / "host").DirectoryExists())!;
        var files = new[] { dotnet / "shared", dotnet / "host" }.SelectMany(x => x.GlobFiles("**/*")).Append(dotnet / "dotnet").Select(x => ($"usr/share/dotnet/{dotnet.GetUnixRelativePathTo(x)}", x.ToString())).ToList();
        foreach (var library in new[] { "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1", "libstdc++.so.6" })
            files.Add(($"usr/lib/x86_64-linux-gnu/{library}", $"/usr/lib/x86_64-linux-gnu/{library}"));
        files.Add(("lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2"));
        Assert.SkipWhen(files.Any(x => !File.Exists(x.Item2)), "The libraries of the runtime are not where Debian has them.");
        const UnixFileMode Program = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var layer = TestImage.Gzip(TestImage.Tar(
            DateTimeOffset.UnixEpoch,
            [
                // A directory that no entry describes is closed to all but root.
                .. files.SelectMany(x => Parents(x.Item1)).Append("usr/bin").Append("lib").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                    .Select(x => new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, x + "/") { Mode = Program }),
                .. files.Select(x => new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, x.Item1) { DataStream = new MemoryStream(File.ReadAllBytes(x.Item2)), Mode = Program }),
                TestImage.Link("usr/bin/dotnet", "/usr/share/dotnet/dotnet"),
                TestImage.Link("lib/x86_64-linux-gnu", "../usr/lib/x86_64-linux-gnu"),
            ]));
        static IEnumerable<string> Parents(string name) => Enumerable.Range(1, name.Count(x => x == '/')).Select(x => string.Join('/', name.Split('/').Take(x)));
        var raw = TestImage.Layout(directory / "base.tar", DateTimeOffset.UnixEpoch, [layer], "1654", "amd64", "arm64");
        var image = ImageNormaliser.Normalise(
            raw, directory / "base.oci.tar", ImageOrigin.Dockerfile, $"{Host}/base/aspnet", "10.0", new ImageLabels { Title = "base", Version = "10.0", Revision = "none", Created = DateTimeOffset.UnixEpoch });
        raw.DeleteFile();
        (await new ImagePublication(directory / "base.oci.tar", image, Client()).PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Published);
    }
}
