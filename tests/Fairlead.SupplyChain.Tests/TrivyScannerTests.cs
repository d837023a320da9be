using System.Text.Json.Nodes;
using Fairlead.Testing;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

public sealed class TrivyScannerTests
{
    // As 0.44 writes it.
    const string Clean = """
        {
          "SchemaVersion": 2, "ArtifactName": ".", "ArtifactType": "filesystem",
          "Results": [
            { "Target": "src/packages.lock.json", "Class": "lang-pkgs", "Type": "nuget",
              "Packages": [ { "Name": "A", "Version": "1.0.0", "Layer": {} }, { "Name": "B", "Version": "2.0.0", "Layer": {} } ] }
          ]
        }
        """;

    // As current releases write it, with the members that 0.44 does not have.
    const string Grave = """
        {
          "SchemaVersion": 2, "Trivy": { "Version": "0.74.0" }, "ReportID": "x", "ArtifactName": ".", "ArtifactType": "filesystem",
          "Results": [
            { "Target": "src/packages.lock.json", "Class": "lang-pkgs", "Type": "nuget",
              "Packages": [ { "ID": "A@1.0.0", "Name": "A", "Identifier": { "PURL": "pkg:nuget/A@1.0.0" }, "Version": "1.0.0" } ],
              "Vulnerabilities": [
                { "VulnerabilityID": "CVE-2", "PkgName": "A", "InstalledVersion": "1.0.0", "Severity": "LOW", "Title": "small", "Fingerprint": "sha256:1" },
                { "VulnerabilityID": "CVE-1", "PkgName": "A", "InstalledVersion": "1.0.0", "FixedVersion": "1.0.1", "Severity": "HIGH", "Title": "big" } ] },
            { "Target": "appsettings.json", "Class": "secret",
              "Secrets": [ { "RuleID": "github-pat", "Category": "GitHub", "Severity": "CRITICAL", "Title": "GitHub Personal Access Token", "StartLine": 7, "Match": "ghp_very_secret" } ] }
          ]
        }
        """;

    static readonly AbsolutePath Here = AbsolutePath.Create(AppContext.BaseDirectory);

    [Fact]
    public async Task A_clean_scan_over_packages_passes_and_gives_its_figures()
    {
        var result = await ScanAsync(Clean);
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        result.Verdict.Summary.ShouldContain("2 packages in 1 files");
    }

    [Fact]
    public async Task A_scan_that_saw_the_packages_of_some_projects_only_has_failed()
    {
        var verdict = (await ScanAsync(Clean, projects: 2)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("the package files of 1 of 2 projects only");
    }

    [Fact]
    public async Task High_and_critical_findings_close_the_gate_and_are_named_without_the_secret()
    {
        var result = await ScanAsync(Grave);
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        result.Verdict.Summary.ShouldContain("github-pat in appsettings.json:7");
        result.Verdict.Summary.ShouldContain("CVE-1 in src/packages.lock.json (A 1.0.0, mended in 1.0.1: big)");
        result.Verdict.Summary.ShouldNotContain("CVE-2");
        result.Verdict.Summary.ShouldNotContain("ghp_");
        result.Findings.Select(x => x.Severity).ShouldBe([Severity.Critical, Severity.High, Severity.Low]);
    }

    [Fact]
    public async Task One_advisory_in_many_files_is_one_thing_to_mend()
    {
        var twice = JsonNode.Parse(Grave)!;
        var again = twice["Results"]![0]!.DeepClone();
        again["Target"] = "tests/packages.lock.json";
        twice["Results"]!.AsArray().Add(again);
        var verdict = (await ScanAsync(twice.ToJsonString())).Verdict;
        verdict.Summary.ShouldStartWith("Trivy found 2 high or critical in 1 packages in 2 files");
        verdict.Summary.ShouldContain("CVE-1 in src/packages.lock.json and 1 more (A 1.0.0");
    }

    [Theory]
    [InlineData("""{ "SchemaVersion": 2, "ArtifactName": "." }""")]
    [InlineData("""{ "SchemaVersion": 2, "Results": null }""")]
    [InlineData("""{ "SchemaVersion": 2, "Results": [ { "Target": "package-lock.json", "Class": "lang-pkgs", "Type": "npm", "Packages": [ { "Name": "A", "Version": "1" } ] } ] }""")]
    [InlineData("""{ "SchemaVersion": 2, "Results": [ { "Target": "packages.lock.json", "Class": "lang-pkgs", "Type": "nuget" } ] }""")]
    public async Task A_scan_that_saw_none_of_the_resolved_packages_has_failed(string json)
    {
        var result = await ScanAsync(json);
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        result.Verdict.Summary.ShouldContain("saw no NuGet package");
        result.Verdict.Summary.ShouldContain("RestorePackagesWithLockFile");
    }

    [Fact]
    public async Task A_secret_is_named_even_when_no_package_was_seen()
    {
        var verdict = (await ScanAsync("""{ "SchemaVersion": 2, "Results": [ { "Target": "a", "Class": "secret", "Secrets": [ { "RuleID": "r", "Severity": "HIGH", "Title": "t" } ] } ] }""")).Verdict;
        verdict.Summary.ShouldContain("r in a (Secret in the sources: t)");
        verdict.Summary.ShouldContain("saw no NuGet package");
    }

    [Fact]
    public async Task Where_nothing_was_resolved_nothing_need_be_seen() =>
        (await ScanAsync("""{ "SchemaVersion": 2 }""", resolvedPackages: 0)).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("[{ \"Target\": \"x\" }]")]
    [InlineData("{}")]
    [InlineData("""{ "SchemaVersion": "2" }""")]
    [InlineData("""{ "SchemaVersion": 3 }""")]
    [InlineData("""{ "SchemaVersion": 2, "Results": 5 }""")]
    [InlineData("""{ "SchemaVersion": 2, "Results": [ 5 ] }""")]
    public async Task A_report_that_cannot_be_read_has_failed_and_says_so(string json)
    {
        var verdict = (await ScanAsync(json)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldStartWith("The report of Trivy cannot be read");
    }

    [Fact]
    public void No_cut_of_a_report_passes() => Prop.ForAll(Gen.Choose(0, Clean.Length - 1).ToArbitrary(), length =>
        ScanAsync(Clean[..length]).GetAwaiter().GetResult().Verdict.Outcome == VerdictOutcome.Failed).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Without_trivy_nothing_was_done_and_the_verdict_says_how_to_get_it()
    {
        var scanner = new TrivyScanner(new FakeProcessRunner().When(_ => true, _ => throw new ToolNotFoundException("trivy")));
        var verdict = (await scanner.ScanAsync(new ScanRequest(Here, 5, 1))).Verdict;
        verdict.ShouldBe(new Verdict(VerdictKinds.Scan, VerdictOutcome.NotDone, verdict.Summary));
        verdict.Summary.ShouldContain("Install it: https://trivy.dev/");
    }

    [Fact]
    public async Task The_real_path_is_asked_for_trivy()
    {
        var empty = new Dictionary<string, string> { ["PATH"] = "/nowhere" };
        var scanner = new TrivyScanner(new ProcessRunner(new Redactor(), TimeProvider.System, Here, empty));
        (await scanner.ScanAsync(new ScanRequest(Here, 5, 1))).Verdict.Outcome.ShouldBe(VerdictOutcome.NotDone);
    }

    [Theory]
    [InlineData("\u001b[31mFATAL\u001b[0m init error: DB error: failed to download vulnerability DB", "has no vulnerability database")]
    [InlineData("INFO Downloading DB...", "has no vulnerability database")]
    [InlineData("INFO Downloading DB...\nFATAL unknown flag: --scanners", "exit code 1: FATAL unknown flag: --scanners")]
    [InlineData("", "exit code 1: it said nothing")]
    public async Task A_scan_that_breaks_off_has_failed_with_its_own_message(string stderr, string expected)
    {
        var lines = stderr.Split('\n').Select(x => new OutputLine(OutputKind.Error, x)).ToList();
        var scanner = new TrivyScanner(new FakeProcessRunner().When(x => x.Tool == "trivy", _ => new ProcessResult(1, lines, TimeSpan.Zero)));
        var verdict = (await scanner.ScanAsync(new ScanRequest(Here, 5, 1))).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain(expected);
        verdict.Summary.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task A_directory_that_is_not_there_has_failed_instead_of_being_taken_for_a_missing_tool()
    {
        var verdict = (await new TrivyScanner(new FakeProcessRunner()).ScanAsync(new ScanRequest(Here / "nowhere", 5, 1))).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("is not there");
    }

    static Task<ScanResult> ScanAsync(string json, int resolvedPackages = 5, int projects = 1) =>
        new TrivyScanner(new FakeProcessRunner().When(x => x == TrivyScanner.Command(Here), 0, json.Split('\n'))).ScanAsync(new ScanRequest(Here, resolvedPackages, projects));
}
