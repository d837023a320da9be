namespace Fairlead.SupplyChain.Tests;

public sealed class SecurityGateTests
{
    static readonly SecurityPolicy Policy = SecurityPolicyReader.Parse("environments:\n  production: { fail_on: medium }\n");

    [Fact]
    public void An_environment_refuses_what_its_own_gate_does_not_take()
    {
        Check("production", Passed(Severity.Medium, Severity.Medium, Severity.Low)).ShouldHaveSingleItem().ShouldStartWith("The scan found 2 medium, and production takes nothing that is medium or worse.");
        Check("staging", Passed(Severity.Medium)).ShouldBeEmpty();
        Check("production", Passed(Severity.Low)).ShouldBeEmpty();
    }

    [Fact]
    public void A_verdict_without_figures_is_refused() =>
        Check("production", new Verdict(VerdictKinds.Scan, VerdictOutcome.Passed, "old")).ShouldHaveSingleItem().ShouldContain("no figures");

    [Theory]
    [InlineData(VerdictOutcome.NotDone)]
    [InlineData(VerdictOutcome.Failed)]
    public void What_did_not_pass_is_the_business_of_the_required_verdicts(VerdictOutcome outcome) =>
        Check("production", new Verdict(VerdictKinds.Scan, outcome, "")).ShouldBeEmpty();

    static IReadOnlyList<string> Check(string environment, Verdict verdict) => SecurityGate.Check(Policy, environment, verdict);

    static Verdict Passed(params Severity[] findings) => new(VerdictKinds.Scan, VerdictOutcome.Passed, "") { Figures = SeverityFigures.Of(findings) };
}
