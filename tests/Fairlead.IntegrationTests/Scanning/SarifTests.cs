using System.Text.Json.Nodes;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests.Scanning;

public sealed class SarifTests
{
    static readonly AbsolutePath Validator = Repository.Product / ".ci/tools/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool";

    [Fact]
    public async Task The_makers_of_sarif_find_no_mistake()
    {
        Assert.SkipUnless(Validator.FileExists(), "@microsoft/sarif-multitool is not installed in .ci/tools: npm ci --ignore-scripts");
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-sarif-").FullName);
        try
        {
            var open = new Finding(Severity.High, "CVE-2030-0001", "src/a b/packages.lock.json", "Bad.Package is bad") { Package = "Bad.Package", Installed = "1.0.0", FixedIn = "2.0.0", Url = "https://example.org/CVE-2030-0001" };
            new ScanReports(directory, "1.0.0").Add(new PartResult(
                new Verdict(ScanKinds.Dependencies, VerdictOutcome.Failed, "1"),
                [open, open with { State = FindingState.Excepted, Because = "why" }, new Finding(Severity.Critical, "github-pat", "key.txt", "Secret: token") { Line = 3 }, new Finding(Severity.Unknown, "N/A", "infra/main.tf", "Bucket has logging disabled")]));
            // npm's scripts, which did not run, would have done this.
            File.SetUnixFileMode(Validator, File.GetUnixFileMode(Validator) | UnixFileMode.UserExecute);
            await new ProcessRunner(new Redactor(), TimeProvider.System, directory).RunAsync(
                ToolCommand.Of(Validator, "validate", "scan.sarif", "--output", "validation.sarif") with { Timeout = TimeSpan.FromMinutes(2) });
            var results = JsonNode.Parse((directory / "validation.sarif").ReadAllText())!["runs"]![0]!["results"]!.AsArray();
            results.Where(x => x!["level"]?.GetValue<string>() is null or "error" or "warning").Select(x => $"{x!["ruleId"]}: {x["message"]}").ShouldBeEmpty();
        }
        finally
        {
            directory.DeleteDirectory();
        }
    }
}
