using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>What a real Trivy sees in the files of an image, merged with the bill of the application in it.</summary>
public sealed class SbomMergingTests : IDisposable
{
    readonly AbsolutePath _scratch = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-merge-").FullName);

    public void Dispose() => _scratch.DeleteDirectory();

    [Fact]
    public async Task Packages_of_the_operating_system_come_from_Trivy_and_those_of_the_application_from_restore()
    {
        var root = _scratch / "root";
        (root / "etc/os-release").WriteAllText("ID=debian\nVERSION_ID=\"12\"\nNAME=\"Debian GNU/Linux\"\n");
        (root / "etc/debian_version").WriteAllText("12.1\n");
        (root / "var/lib/dpkg/status").WriteAllText("""
            Package: libc6
            Status: install ok installed
            Architecture: amd64
            Source: glibc
            Version: 2.36-9
            Maintainer: The maintainers <glibc@example.org>

            Package: tzdata
            Status: install ok installed
            Architecture: all
            Version: 2024a-0
            Depends: libc6
            Maintainer: The maintainers <glibc@example.org>

            """);
        (root / "app/shop.deps.json").WriteAllText("""
            { "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" }, "targets": { ".NETCoreApp,Version=v10.0": {} },
              "libraries": { "shop/1.0.0": { "type": "project" }, "YamlDotNet/16.3.0": { "type": "package", "sha512": "sha512-x" } } }
            """);
        var seen = _scratch / "trivy.json";
        var processes = new ProcessRunner(new Redactor(), TimeProvider.System, _scratch);
        await processes.RunAsync(new ToolCommand(await TrivyAsync(), ["--cache-dir", _scratch / "cache", "rootfs", "--format", "cyclonedx", "--offline-scan", "--skip-db-update", "--output", seen, root]) with { Timeout = TimeSpan.FromMinutes(2) });

        var ours = SbomGenerator.Generate(new SbomRequest
        {
            Name = "shop",
            Version = "1.0.0",
            Kind = SbomSubjectKind.Image,
            Commit = new string('0', 40),
            CommitTime = DateTimeOffset.UnixEpoch,
            Projects = [Repository.Product / "src/Fairlead.Versioning/Fairlead.Versioning.csproj"],
            Supplier = new SbomParty("Shopkeepers"),
            Licence = "MIT",
        });
        var merged = SbomMerger.Merge(ours.Sbom.ShouldNotBeNull(ours.Verdict.Summary), CycloneDxReader.Read(File.ReadAllBytes(seen), seen.Name));
        merged.Components.ShouldContain(x => x.Purl != null && x.Purl.StartsWith("pkg:deb/debian/libc6@2.36-9", StringComparison.Ordinal));
        merged.Components.ShouldContain(x => x.Kind == SbomComponentKind.OperatingSystem && x.Name == "debian");
        var yaml = merged.Components.Single(x => x.Name == "YamlDotNet");
        yaml.Hashes.ShouldNotBeEmpty("ours knows the package's own hash");
        var reached = merged.DependenciesOf(merged.Subject.Reference).SelectMany(merged.DependenciesOf).Concat(merged.DependenciesOf(merged.Subject.Reference)).ToList();
        reached.ShouldContain(x => x.StartsWith("pkg:deb/debian/libc6@", StringComparison.Ordinal));

        var tools = NpmTools.With("@cyclonedx/cyclonedx-library");
        var file = _scratch / "merged.json";
        file.WriteAllText(CycloneDxWriter.Write(merged));
        var result = await processes.RunAsync(new ToolCommand("node", [Repository.Product / "tests/Fairlead.IntegrationTests/Sboms/validate.mjs", tools, "cyclonedx", file]).WithAnyExitCode());
        result.StandardOutput.Trim().ShouldBe("valid");
    }

    static async Task<string> TrivyAsync()
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(x => (string)x.Key, x => (string)x.Value!, StringComparer.Ordinal);
        var tool = await new ToolProvider(new ProcessRunner(new Redactor(), TimeProvider.System, Repository.Product), environment)
            .ProvideAsync("trivy", ToolsLockReader.Load(Repository.Product), _ => { }, TestContext.Current.CancellationToken);
        Assert.SkipWhen(tool.Program is null, tool.Explanation);
        return tool.Program!;
    }
}
