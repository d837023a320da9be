namespace Fairlead.SupplyChain.Tests;

public sealed class FindingJudgeTests
{
    static readonly DateOnly Today = new(2026, 6, 1);

    static readonly Finding Grave = new(Severity.High, "CVE-2024-1", "src/packages.lock.json", "bad") { Package = "A", Installed = "1.0.0", FixedIn = "1.0.1", Purl = "pkg:nuget/A@1.0.0", Aliases = ["GHSA-1"] };

    static readonly Exemption Accepted = new("cve-2024-1", "not reachable", "jane@example.org", Today);

    [Fact]
    public void An_accepted_finding_does_not_count_until_its_last_day_and_limits_the_verdict()
    {
        var result = Judge([Grave], Accepted, Accepted with { Id = "CVE-2024-2", Expires = Today.AddDays(-9) });
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        result.Verdict.ValidUntil.ShouldBe(Today);
        result.Verdict.Figures!["high"].ShouldBe(0);
        result.Verdict.Summary.ShouldEndWith("nothing high or critical; 1 accepted.");
        result.Findings.ShouldHaveSingleItem().Because.ShouldBe("not reachable (jane@example.org, until 2026-06-01)");
        result.Used.ShouldBe([Accepted]);
    }

    [Fact]
    public void An_expired_exception_fails_by_name_and_the_finding_counts_again()
    {
        var result = Judge([Grave with { Severity = Severity.Low }], Accepted with { Expires = Today.AddDays(-1) });
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        result.Verdict.Summary.ShouldContain("ended on 2026-05-31");
        result.Verdict.Summary.ShouldContain("\"not reachable\": ask jane@example.org");
        result.Verdict.Figures!["low"].ShouldBe(1);
        result.Findings[0].State.ShouldBe(FindingState.Open);
        Judge([Grave], Accepted with { Expires = Today.AddDays(-1) }, Accepted).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, "A renewed one beside it counts.");
    }

    [Theory]
    [InlineData("A", null, true)]
    [InlineData("a@1.0.0", null, true)]
    [InlineData("A@2.0.0", null, false)]
    [InlineData("B", null, false)]
    [InlineData(null, "src/**", true)]
    [InlineData(null, "tests/**", false)]
    public void An_exception_is_for_what_it_names_only(string? package, string? path, bool covers) =>
        (Judge([Grave], Accepted with { Package = package, Path = path }).Verdict.Outcome == VerdictOutcome.Passed).ShouldBe(covers);

    [Fact]
    public void An_advisory_goes_by_all_its_names() => Judge([Grave], Accepted with { Id = "GHSA-1" }).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);

    [Fact]
    public void What_nothing_mends_counts_unless_the_policy_says_otherwise()
    {
        var unfixed = Grave with { FixedIn = null };
        Judge([unfixed]).Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        var lax = new FindingJudge(new SecurityPolicy { IgnoreUnfixed = true }, VexStatements.None, Today);
        lax.Judge("k", "all", [unfixed], []).Findings[0].State.ShouldBe(FindingState.Unfixed);
        lax.Judge("k", "all", [Grave], []).Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        lax.Judge("k", "all", [new Finding(Severity.Critical, "github-pat", "a", "Secret")], []).Verdict.Outcome.ShouldBe(VerdictOutcome.Failed, "A secret has no mended version.");
    }

    [Fact]
    public void The_gate_of_the_build_is_the_policys()
    {
        var strict = new FindingJudge(new SecurityPolicy { FailOn = Severity.Low }, VexStatements.None, Today);
        strict.Judge("k", "all", [Grave with { Severity = Severity.Low }], []).Verdict.Summary.ShouldStartWith("1 low or worse in all");
        strict.Judge("k", "all", [Grave with { Severity = Severity.Unknown }], []).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
    }

    [Fact]
    public void A_vex_document_takes_a_finding_out_and_is_named()
    {
        var vex = VexStatements.Parse("""{ "@context": "https://openvex.dev/ns/v0.2.0", "statements": [ { "vulnerability": { "name": "CVE-2024-1" }, "products": [ { "@id": "pkg:nuget/a" } ], "status": "not_affected", "justification": "component_not_present" } ] }""", "vex/a.json");
        var result = new FindingJudge(new SecurityPolicy(), vex, Today).Judge("k", "all", [Grave], []);
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        result.Verdict.Summary.ShouldContain("1 not affected (VEX)");
        result.Findings[0].Because.ShouldBe("not_affected, component_not_present (vex/a.json)");
    }

    [Fact]
    public void The_table_shows_what_counts_first_and_why_the_rest_does_not()
    {
        var findings = Judge([Grave, Grave with { File = "b/packages.lock.json" }, new Finding(Severity.Critical, "github-pat", "a.txt", "Secret: token") { Line = 3 }, Grave with { Id = "CVE-9", Aliases = [] }], Accepted).Findings;
        FindingTable.Lines(findings).ShouldBe([
            "SEVERITY  ID          PACKAGE  INSTALLED  FIXED IN  WHERE                   WHAT",
            "critical  github-pat                                a.txt:3                 Secret: token",
            "high      CVE-9       A        1.0.0      1.0.1     src/packages.lock.json  bad",
            "Not counted:",
            "  high  CVE-2024-1  A 1.0.0  b/packages.lock.json +1: not reachable (jane@example.org, until 2026-06-01)"]);
        FindingTable.Lines([]).ShouldBeEmpty();
    }

    static PartResult Judge(Finding[] findings, params Exemption[] exemptions) =>
        new FindingJudge(new SecurityPolicy { Exceptions = [.. exemptions] }, VexStatements.None, Today).Judge("k", "all", findings, []);
}
