using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

public sealed class ReportTests : IDisposable
{
    static readonly Finding Open = new(Severity.High, "CVE-1", "src/a b.json", "bad") { Package = "A", Installed = "1.0.0", Url = "https://example.org/1" };
    static readonly Finding Accepted = Open with { State = FindingState.Excepted, Because = "why (who, until 2026-06-01)" };

    readonly AbsolutePath _directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-reports-").FullName);

    public void Dispose() => _directory.DeleteDirectory();

    [Fact]
    public void Sarif_has_a_rule_for_each_advisory_and_suppressions_with_their_reason()
    {
        var run = JsonNode.Parse(SarifReport.Text([Open, Accepted, new Finding(Severity.Low, "DS026", "Dockerfile", "no healthcheck") { Line = 3 }]))!["runs"]![0]!;
        run["tool"]!["driver"]!["rules"]!.AsArray().Select(x => x!["id"]!.GetValue<string>()).ShouldBe(["CVE-1", "DS026"]);
        var results = run["results"]!.AsArray();
        results[0]!["level"]!.GetValue<string>().ShouldBe("error");
        results[0]!["suppressions"]!.AsArray().ShouldBeEmpty();
        results[0]!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!.GetValue<string>().ShouldBe("src/a%20b.json");
        results[0]!["message"]!["text"]!.GetValue<string>().ShouldBe("A 1.0.0 (not mended yet): bad.");
        results[1]!["suppressions"]![0]!["justification"]!.GetValue<string>().ShouldBe(Accepted.Because);
        results[2]!["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!.GetValue<int>().ShouldBe(3);
        results[2]!["level"]!.GetValue<string>().ShouldBe("note");
    }

    [Fact]
    public void Parts_come_together_while_the_tree_is_the_same()
    {
        var reports = new ScanReports(_directory, "1.0.0");
        reports.Add(Part(ScanKinds.Dependencies, Open) with { Reports = ImmutableSortedDictionary<string, string>.Empty.Add("sources", "{}") });
        reports.Add(Part(ScanKinds.Secrets));
        new ScanReports(_directory, "1.0.0").Add(Part(ScanKinds.Built, Accepted));
        Kinds().ShouldBe([ScanKinds.Built, ScanKinds.Dependencies, ScanKinds.Secrets]);
        (_directory / "scan/sources.json").ReadAllText().ShouldBe("{}");
        var finding = JsonNode.Parse((_directory / "scan.json").ReadAllText())!["parts"]![0]!["findings"]![0]!;
        finding["state"]!.GetValue<string>().ShouldBe("excepted");
        finding["because"]!.GetValue<string>().ShouldBe(Accepted.Because);
        JsonNode.Parse((_directory / "scan.sarif").ReadAllText())!["runs"]![0]!["results"]!.AsArray().Count.ShouldBe(2);
        new ScanReports(_directory, "1.0.1").Add(Part(ScanKinds.Secrets));
        Kinds().ShouldBe([ScanKinds.Secrets]);
    }

    List<string> Kinds() => [.. JsonNode.Parse((_directory / "scan.json").ReadAllText())!["parts"]!.AsArray().Select(x => x!["kind"]!.GetValue<string>())];

    static PartResult Part(string kind, params Finding[] findings) => new(new Verdict(kind, VerdictOutcome.Passed, "ok") { Figures = SeverityFigures.Of([]) }, [.. findings]);
}
