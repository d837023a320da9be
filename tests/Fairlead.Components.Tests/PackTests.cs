using Fairlead.Engine;
using Fairlead.Releases;

namespace Fairlead.Components.Tests;

public sealed class PackTests : IDisposable
{
    readonly PackWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Packages_are_built_as_everywhere_normalised_and_those_of_other_versions_deleted()
    {
        PackWorld.WritePackage(_world.Packages / "Shop.1.1.0.nupkg", "old");
        await _world.RunAsync("Pack");
        _world.Packages.GetFiles().Select(x => x.Name).ShouldBe(["Shop.1.2.0.nupkg", "Shop.1.2.0.snupkg"]);
        var arguments = _world.Processes.Commands.Single(x => x.Arguments[0] == "pack").Arguments;
        arguments.ShouldContain("--include-symbols");
        arguments.ShouldContain("-p:ContinuousIntegrationBuild=true");
        arguments.ShouldContain("-p:Version=1.2.0");
        arguments.ShouldContain("-p:SymbolPackageFormat=snupkg");
        using var zip = System.IO.Compression.ZipFile.OpenRead(_world.Packages / "Shop.1.2.0.nupkg");
        zip.Entries.ShouldAllBe(x => x.LastWriteTime.Second % 2 == 0 && x.LastWriteTime.Year >= 2020);
    }

    [Fact]
    public async Task Archives_and_programs_are_named_by_version_and_runtime()
    {
        await _world.RunAsync("PackArchives PackBinaries");
        (_world.Packages / "archives").GetFiles().Select(x => x.Name).ShouldBe(["shop-1.2.0.tar.gz", "shop-1.2.0.zip"]);
        (_world.Packages / "binaries").GetFiles().Select(x => x.Name).ShouldBe(["shop-1.2.0-linux-x64", "shop-1.2.0-win-x64.exe"]);
        _world.Text.ShouldContain("publishes files that are not in the program: appsettings.json");
        _world.Processes.Commands.Where(x => x.Arguments.Contains("--runtime")).ShouldAllBe(x => x.Arguments.Any(y => y.StartsWith("-p:NuGetLockFilePath=obj/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Runtimes_that_cannot_be_built_for_are_told_all_at_once()
    {
        await _world.RunAsync("PackBinaries --rare", ExitCodes.Failed);
        _world.Text.ShouldContain("Shop cannot be built for linux-riscv64: the configured NuGet sources do not have Microsoft.NETCore.App.Host.linux-riscv64.");
        _world.Text.ShouldContain("Shop cannot be built for osx-arm64");
    }

    [Fact]
    public async Task What_is_sealed_is_published_once_and_nothing_is_built_for_it()
    {
        (_world.Root.Parent / $"{_world.Root.Name}-feed").CreateDirectory();
        var feed = _world.Root.Parent / $"{_world.Root.Name}-feed";
        try
        {
            await _world.RunAsync($"Publish --nuget-source {feed} --plan");
            _world.Text.ShouldContain("Package makes it first");
            await _world.RunAsync("Seal");
            var commands = _world.Processes.Commands.Count(x => x.Tool == "dotnet");
            await _world.RunAsync($"Publish --nuget-source {feed} --plan");
            _world.Text.ShouldContain($"Shop 1.2.0 → {feed}: to be published");
            feed.GetFiles().ShouldBeEmpty();

            await _world.RunAsync($"Publish --nuget-source {feed}");
            feed.GetFiles().Select(x => x.Name).ShouldBe(["Shop.1.2.0.nupkg", "Shop.1.2.0.snupkg"]);
            await _world.RunAsync($"Publish --nuget-source {feed}");
            _world.Text.ShouldContain($"Shop 1.2.0 → {feed}: already there");
            _world.Processes.Commands.Count(x => x.Tool == "dotnet").ShouldBe(commands);

            (feed / "Shop.1.2.0.nupkg").DeleteFile();
            PackWorld.WritePackage(feed / "Shop.1.2.0.nupkg", "of somebody else");
            await _world.RunAsync($"Publish --nuget-source {feed}", ExitCodes.Failed);
            _world.Text.ShouldContain("something else is there");
        }
        finally
        {
            feed.DeleteDirectory();
        }
    }

    [Fact]
    public async Task Nothing_is_published_that_failed_or_was_not_done_although_it_must_have_been()
    {
        await _world.RunAsync("Seal --outcome Failed");
        await _world.RunAsync($"Publish --nuget-source {_world.Root}", ExitCodes.Refused);
        _world.Text.ShouldContain("The verdict 'tests' of 1.2.0 is failed, or has ended: They ran.");
        await _world.RunAsync("Seal");
        await _world.RunAsync($"Publish --nuget-source {_world.Root} --asked tests scan signatures", ExitCodes.Refused);
        _world.Text.ShouldContain("The verdict 'scan' of 1.2.0 was not done, and publishing asks for it");
        _world.Text.ShouldContain("The verdict 'signatures' of 1.2.0 was not done, and publishing asks for it");
        _world.Text.ShouldNotContain("'tests'");
    }

    [Fact]
    public async Task Nothing_is_published_when_nobody_says_where_to_or_when_the_release_was_changed()
    {
        await _world.RunAsync("Seal");
        await _world.RunAsync("Publish", ExitCodes.Usage);
        _world.Text.ShouldContain("--nuget-source");
        File.AppendAllText(_world.Root / "artifacts" / "release" / "Shop.1.2.0.nupkg", "x");
        await _world.RunAsync($"Publish --nuget-source {_world.Root}", ExitCodes.Refused);
        _world.Text.ShouldContain("Shop.nupkg");
    }

    [Fact]
    public async Task Two_builds_of_the_commit_are_compared_and_what_differs_is_told()
    {
        _world.Contents.Enqueue("program");
        _world.Contents.Enqueue("program");
        await _world.RunAsync("VerifyReproducible");
        _world.Text.ShouldContain("2 same, 0 different, 0 exempt");
        var builds = _world.Processes.Commands.Where(x => x.Tool.EndsWith("build.sh", StringComparison.Ordinal)).ToList();
        builds.Count.ShouldBe(2);
        builds.ForEach(x => x.Arguments.ShouldBe(["Pack", "PackArchives", "PackBinaries"]));
        builds[0].WorkingDirectory!.ToString().Length.ShouldNotBe(builds[1].WorkingDirectory!.ToString().Length);
        builds.ShouldAllBe(x => !x.WorkingDirectory!.Exists());

        _world.Contents.Enqueue("program1");
        _world.Contents.Enqueue("program2");
        await _world.RunAsync("VerifyReproducible", ExitCodes.Failed);
        _world.Text.ShouldContain("different  Shop.1.2.0.nupkg: 'lib/Shop.dll' (8 and 8 bytes): byte 7 is 31 and 32");
    }

    [Fact]
    public async Task The_artifacts_of_the_parts_are_what_lies_on_the_disk()
    {
        await _world.RunAsync("Seal");
        ReleaseReader.Load(_world.Root / "artifacts" / "release").ManifestOrThrow().Artifacts.Select(x => $"{x.Name} {x.Kind}").ShouldBe(["Shop.nupkg nuget", "Shop.snupkg symbols", "sbom sbom"]);
    }
}
