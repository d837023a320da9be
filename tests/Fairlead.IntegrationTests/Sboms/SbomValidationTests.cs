using System.Text.Json;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Bills of materials under other people's validators: the official CycloneDX library, the JSON schema of SPDX, and the SCVS list of cdx-validate.</summary>
public sealed class SbomValidationTests : IDisposable
{
    const int AutomaticScvsControls = 22;
    const int Unsigned = 1;

    readonly AbsolutePath _scratch = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-sbom-").FullName);

    public void Dispose() => _scratch.DeleteDirectory();

    [Fact]
    public async Task The_bill_of_this_repository_is_valid_and_complete()
    {
        var projects = Directory.EnumerateFiles(Repository.Product / "src", "*.csproj", SearchOption.AllDirectories).Select(AbsolutePath.Create).ToList();
        var unrestored = RestoredPackages.Unrestored(projects);
        unrestored.ShouldBeEmpty("The tests run after the solution has been restored.");
        var result = Bill("pipeline", projects);
        result.Completeness.ShouldNotBeNull().IsComplete.ShouldBeTrue(result.Completeness.ToTable());
        await Validate(result);
    }

    [Fact]
    public async Task The_bill_of_a_project_with_300_packages_is_valid()
    {
        using var project = new LargeProject();
        var restored = await project.RestoreAsync();
        if (restored.ExitCode != 0 && restored.StandardOutput.Contains("NU1301", StringComparison.Ordinal))
            Assert.Skip("The package source cannot be reached.");
        restored.ExitCode.ShouldBe(0, restored.StandardOutput);
        var result = Bill("large", [project.Path]);
        result.Packages.ShouldBeGreaterThanOrEqualTo(300);
        result.Completeness.ShouldNotBeNull().IsComplete.ShouldBeTrue(result.Completeness.ToTable());
        await Validate(result);
    }

    async Task Validate(SbomResult result)
    {
        var tools = NpmTools.With("@cyclonedx/cyclonedx-library");
        var cycloneDx = _scratch / "sbom.cdx.json";
        var spdx = _scratch / "sbom.spdx.json";
        cycloneDx.WriteAllText(result.Json.ShouldNotBeNull(result.Verdict.Summary));
        spdx.WriteAllText(result.Spdx.ShouldNotBeNull());
        var script = Repository.Product / "tests/Fairlead.IntegrationTests/Sboms/validate.mjs";
        (await NodeAsync(script, tools, "cyclonedx", cycloneDx)).StandardOutput.Trim().ShouldBe("valid");
        if (SpdxSchema() is { } schema)
            (await NodeAsync(script, tools, "spdx", spdx, schema)).StandardOutput.Trim().ShouldBe("valid");

        var report = _scratch / "report.json";
        await NodeAsync(NpmTools.With("@cyclonedx/cdxgen") / "node_modules/@cyclonedx/cdxgen/bin/validate.js", "-i", cycloneDx, "-r", "json", "-o", report);
        using var document = JsonDocument.Parse(report.ReadAllText());
        document.RootElement.GetProperty("schemaValid").GetBoolean().ShouldBeTrue();
        document.RootElement.GetProperty("deepValid").GetBoolean().ShouldBeTrue();
        var scvs = document.RootElement.GetProperty("benchmarks").EnumerateArray().Single(x => x.GetProperty("id").GetString() == "scvs");
        var failed = scvs.GetProperty("controls").EnumerateArray().Where(x => x.GetProperty("status").GetString() == "fail").Select(x => x.GetProperty("id").GetString());
        // The signature is made over the document, beside it.
        failed.ShouldBe(["SCVS-2.4"]);
        scvs.GetProperty("automatable").GetInt32().ShouldBe(AutomaticScvsControls);
        scvs.GetProperty("pass").GetInt32().ShouldBe(AutomaticScvsControls - Unsigned);
    }

    Task<ProcessResult> NodeAsync(string script, params string[] arguments) =>
        new ProcessRunner(new Redactor(), TimeProvider.System, _scratch).RunAsync(new ToolCommand("node", [script, .. arguments]).WithAnyExitCode() with { Timeout = TimeSpan.FromMinutes(2) });

    static AbsolutePath? SpdxSchema()
    {
        var folder = Environment.GetEnvironmentVariable("FAIRLEAD_SUPPLY_CHAIN_DATA") is { Length: > 0 } named
            ? AbsolutePath.Resolve(AbsolutePath.CurrentDirectory, named)
            : Repository.Product.Parent / "shared/fixtures/supply-chain";
        return folder.DirectoryExists() ? folder / "schemas/spdx-2.3.schema.json" : null;
    }

    static SbomResult Bill(string name, IEnumerable<AbsolutePath> projects) => SbomGenerator.Generate(new SbomRequest
    {
        Name = name,
        Version = "1.0.0",
        Commit = new string('0', 40),
        CommitTime = DateTimeOffset.UnixEpoch,
        Projects = [.. projects],
        Supplier = new SbomParty("The Fairlead authors"),
        Licence = "MIT",
        Copyright = "Copyright (c) The Fairlead authors",
    });
}
