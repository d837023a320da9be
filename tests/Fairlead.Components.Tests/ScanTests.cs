using System.Text.Json.Nodes;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;

namespace Fairlead.Components.Tests;

public sealed class ScanTests : IDisposable
{
    const string Secret = """{ "Target": "sources/src/key.txt", "Class": "secret", "Secrets": [ { "RuleID": "github-pat", "Severity": "CRITICAL", "Title": "token", "StartLine": 1, "Match": "ghp_verysecret" } ] }""";
    const string Meek = """{ "Target": "sources/package-lock.json", "Class": "lang-pkgs", "Type": "npm", "Packages": [ { "Name": "a", "Version": "1" } ], "Vulnerabilities": [ { "VulnerabilityID": "CVE-1", "PkgName": "a", "InstalledVersion": "1", "Severity": "MEDIUM", "Title": "meek" } ] }""";

    readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task All_parts_run_as_one_call_and_become_one_verdict_of_the_release()
    {
        _world.HaveTrivy(_ => [Meek]);
        await _world.RunAsync("Package");
        // One call for the sources; two for what was built: lists of packages, and packages that lie there.
        _world.Processes.Commands.Count(x => x.Arguments.Contains("--scanners")).ShouldBe(3);
        var verdict = ReleaseReader.Load(_world.Root / "artifacts" / "release").Manifest!.Verdict(VerdictKinds.Scan);
        verdict.Outcome.ShouldBe(VerdictOutcome.Passed, verdict.Summary);
        verdict.Parts!.Select(x => x.Kind).ShouldBe([ScanKinds.Dependencies, ScanKinds.Secrets, ScanKinds.Configuration, ScanKinds.Built]);
        // Once in the sources, and once in what was built.
        verdict.Figures!["medium"].ShouldBe(2);
        foreach (var report in new[] { "scan.json", "scan.sarif", "scan/sources.json" })
            (_world.Root / "artifacts" / "reports" / report).FileExists().ShouldBeTrue(report);
        _world.Text.ShouldContain("medium    CVE-1  a");
    }

    [Fact]
    public async Task Each_part_runs_alone_and_looks_for_its_own_only()
    {
        _world.HaveTrivy(_ => []);
        foreach (var (target, scanner) in new[] { ("ScanDependencies", "vuln"), ("ScanSecrets", "secret"), ("ScanConfiguration", "misconfig") })
        {
            await _world.RunAsync(target);
            var command = _world.Processes.Commands.Last(x => x.Arguments.Contains("--scanners"));
            command.Arguments[command.Arguments.IndexOf("--scanners") + 1].ShouldBe(scanner);
        }
    }

    [Fact]
    public async Task A_failed_part_ends_the_build_is_in_the_reports_and_shows_no_secret()
    {
        _world.HaveTrivy(_ => [Secret]);
        await _world.RunAsync("Package", ExitCodes.Failed);
        _world.Text.ShouldContain("Scan for secrets failed: 1 high or critical");
        _world.Text.ShouldNotContain("verysecret");
        (_world.Root / "artifacts" / "release" / "release.json").FileExists().ShouldBeFalse();
        JsonNode.Parse((_world.Root / "artifacts" / "reports" / "scan.verdict.json").ReadAllText())!["verdict"]!["outcome"]!.GetValue<string>().ShouldBe("failed");
    }

    [Fact]
    public async Task Mistakes_in_the_policy_are_all_said()
    {
        _world.HaveTrivy(_ => []);
        _world.Write(".nuke/security.yml", "fail_on: hihg\nexeptions: []\n");
        await _world.RunAsync("ScanSecrets", ExitCodes.Failed);
        _world.Text.ShouldContain("security.yml:1:10");
        _world.Text.ShouldContain("Did you mean 'exceptions'?");
    }

    [Fact]
    public async Task An_exception_that_matches_nothing_is_told_and_images_wait_for_names()
    {
        _world.HaveTrivy(_ => []);
        _world.Write(".nuke/security.yml", "exceptions:\n  - { id: CVE-9, reason: why, owner: who, expires: 2099-12-31 }\n");
        await _world.RunAsync("Scan");
        _world.Text.ShouldContain("The exception for CVE-9 (.nuke/security.yml:2:5) matches nothing");
        await _world.RunAsync("ScanImages");
        _world.Text.ShouldContain("no image is named");
    }
}
