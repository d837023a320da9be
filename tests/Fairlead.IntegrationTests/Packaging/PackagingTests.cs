using System.IO.Compression;
using System.Text;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Real tools pack one commit in two places.</summary>
public sealed class PackagingTests : IAsyncLifetime
{
    readonly AbsolutePath _directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-packing-").FullName);
    PackedRepository _repository = null!;

    public async ValueTask InitializeAsync() => _repository = await PackedRepository.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        _directory.DeleteDirectory();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Two_builds_in_two_places_give_the_same_bytes_and_the_packages_can_be_used()
    {
        await using var registry = await LocalRegistry.StartAsync(_directory);
        string[] targets = ["Pack", "PackArchives", "PackBinaries", "PackImages", "PackNpm", "--container-base-image", registry.BaseImage, "--registry", registry.Host];
        var clone = await _repository.CloneAsync();
        await _repository.BuildAsync(_repository.Root, 0, null, targets);
        (await _repository.StatusAsync()).ShouldBe("", "Packing leaves the work tree as it is.");
        await _repository.BuildAsync(clone, 0, null, targets);

        var first = _repository.Root / "artifacts" / "packages";
        var report = Reproducibility.Compare(first, clone / "artifacts" / "packages", _ => false);
        report.Different.ShouldBeEmpty();
        report.Same.Select(x => x.File).ShouldBe(
        [
            "Shop.Client.1.2.0.nupkg", "Shop.Client.1.2.0.snupkg", "archives/shop-1.2.0.tar.gz", "archives/shop-1.2.0.zip", "binaries/shop-1.2.0-linux-x64", "binaries/shop-1.2.0-win-x64.exe",
            "images/shop.oci.tar", "npm/shop-client-1.2.0.tgz",
        ]);

        await InstallAsync(first);
        (await RunAsync(_directory, "tar", "-xzf", first / "npm" / "shop-client-1.2.0.tgz", "--to-stdout", "package/package.json")).StandardOutput.ShouldContain("\"version\": \"1.2.0\"");
        SourceLinkOf(first / "Shop.Client.1.2.0.snupkg").ShouldContain("/example/shop/");

        await _repository.BuildAsync(_repository.Root, 0, null, "Pack", "PackNpm");
        (first / "images" / "shop.oci.tar").FileExists().ShouldBeTrue("Each part cleans up after itself only.");
    }

    [Fact]
    public async Task Runtimes_that_nobody_has_are_told_all_at_once()
    {
        var text = await _repository.BuildAsync(_repository.Root, 1, null, "PackBinaries", "--missing");
        Assert.SkipWhen(!text.Contains("linux-arm64: the configured", StringComparison.Ordinal), "The configured NuGet sources have the runtimes.");
        text.ShouldContain("Microsoft.NETCore.App.Runtime.linux-arm64");
        text.ShouldContain("Shop cannot be built for osx-arm64");
    }

    // The package restores from a directory, and the program that uses it runs.
    async Task InstallAsync(AbsolutePath packages)
    {
        var user = (_directory / "user").CreateDirectory();
        (user / "user.csproj").WriteAllText($"""
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><RestoreSources>{packages}</RestoreSources><RestorePackagesPath>{user / "packages"}</RestorePackagesPath></PropertyGroup>
            <ItemGroup><PackageReference Include="Shop.Client" Version="1.2.0" /></ItemGroup></Project>
            """);
        (user / "Program.cs").WriteAllText("System.Console.WriteLine(Shop.Client.Price.Of(3));");
        (await RunAsync(user, "dotnet", "run", "-p:UseAppHost=false")).StandardOutput.ShouldEndWith("21 coins");
    }

    static string SourceLinkOf(AbsolutePath symbols)
    {
        using var zip = ZipFile.OpenRead(symbols);
        using var stream = zip.Entries.Single(x => x.Name.EndsWith(".pdb", StringComparison.Ordinal)).Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return Encoding.Latin1.GetString(content.ToArray());
    }

    static async Task<ProcessResult> RunAsync(AbsolutePath directory, string tool, params string[] arguments) =>
        await new ProcessRunner(new Redactor(), TimeProvider.System, directory).RunAsync(
            (tool == "dotnet" ? DotNet.Command(arguments) : ToolCommand.Of(tool, arguments)) with { Timeout = TimeSpan.FromMinutes(5) });
}
