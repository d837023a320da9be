using System.Collections.Immutable;

namespace Fairlead.SupplyChain.Tests;

public sealed class LicenceGateTests
{
    [Theory]
    [InlineData("MIT", "MIT", "", true)]
    [InlineData("mit", "MIT", "", true)]
    [InlineData("MIT", "ISC", "", false)]
    [InlineData("MIT", "", "", true)]
    [InlineData("GPL-3.0-only", "", "GPL-*", false)]
    [InlineData("MIT OR GPL-3.0-only", "", "GPL-*", true)]
    [InlineData("MIT AND GPL-3.0-only", "", "GPL-*", false)]
    [InlineData("(MIT OR GPL-3.0-only) AND Apache-2.0", "MIT Apache-2.0", "", true)]
    [InlineData("BSD-3-Clause", "BSD-*", "", true)]
    [InlineData("MIT", "*", "", true)]
    [InlineData("Apache-2.0+", "Apache-2.0", "", true)]
    [InlineData("Apache-2.0", "Apache-2.0+", "", false)]
    [InlineData("GPL-2.0", "GPL-2.0-only", "", true)]
    [InlineData("GPL-2.0+", "GPL-2.0-or-later", "", true)]
    [InlineData("GPL-2.0-or-later", "GPL-2.0-only", "", true)]
    [InlineData("GPL-2.0-only", "GPL-2.0-or-later", "", false)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only", "", false)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "", true)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH *", "", true)]
    [InlineData("GPL-2.0-only", "GPL-2.0-only WITH Classpath-exception-2.0", "", false)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", "", "GPL-2.0-only", false)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-*", true)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH *", "GPL-2.0-only WITH Classpath-exception-2.0", false)]
    [InlineData("MIT", "MIT", "MIT", false)]
    [InlineData("Nobodys-1.0", "", "", false)]
    [InlineData("Nobodys-1.0", "Nobodys-1.0", "", true)]
    [InlineData("LicenseRef-own", "", "", false)]
    [InlineData("LicenseRef-own", "LicenseRef-*", "", true)]
    public void The_policy_is_applied_to_the_expression(string expression, string allow, string deny, bool isAllowed) =>
        Judge(new LicencePolicy { Allow = Words(allow), Deny = Words(deny) }, Package("P", expression)).Outcome.ShouldBe(isAllowed ? VerdictOutcome.Passed : VerdictOutcome.Failed);

    [Theory]
    [InlineData("AGLP-*", false)]
    [InlineData("AGPL-*", true)]
    [InlineData("*", true)]
    [InlineData("LicenseRef-own-*", true)]
    [InlineData("GPL-2.0-only WITH *", true)]
    [InlineData("GPL-2.0-only WITH Classpth*", false)]
    [InlineData("GLP-2.0-only WITH *", false)]
    public void A_denial_that_covers_nothing_there_is_is_a_mistake(string deny, bool isMeant)
    {
        var verdict = Judge(new LicencePolicy { Deny = [deny] }, Package("P", "MIT"));
        verdict.Summary.Contains("covers nothing on the SPDX list", StringComparison.Ordinal).ShouldBe(!isMeant, verdict.Summary);
    }

    [Fact]
    public void What_is_unknown_does_not_excuse_an_unknown_exception_to_a_known_licence()
    {
        var policy = new LicencePolicy { Allow = ["MIT"], AllowUnknown = true };
        Judge(policy, Package("P", "Nobodys-1.0")).Outcome.ShouldBe(VerdictOutcome.Passed);
        Judge(policy, Package("P", "GPL-3.0-only WITH Nobodys-exception")).Outcome.ShouldBe(VerdictOutcome.Failed);
    }

    [Theory]
    [InlineData(" AND ")]
    [InlineData(" OR ")]
    public void A_huge_expression_is_judged_once_for_each_licence_and_named_in_part(string between)
    {
        var expression = string.Join(between, Enumerable.Range(0, 1500).Select(x => $"A{x}x"));
        LicenceExpression.Parse(expression).ToString().ShouldBe(expression);
        var asked = 0;
        LicenceExpression.Parse(expression).Refused(_ => ++asked < 0).Count().ShouldBe(1500);
        asked.ShouldBe(1500);
        var summary = Judge(new LicencePolicy { Allow = ["MIT"] }, Package("P", expression)).Summary;
        summary.Length.ShouldBeLessThan(2000);
        summary.ShouldContain("and 1490 more");
    }

    [Fact]
    public void A_refusal_names_the_package_its_expression_the_refused_part_and_the_remedy()
    {
        var verdict = Judge(
            new LicencePolicy { Allow = ["MIT"], Deny = ["GPL-*"] },
            Package("Good", "MIT"), Package("Both", "MIT AND GPL-3.0-only"), Package("Typo", "Apache-2"), Package("Mute", null));
        verdict.Kind.ShouldBe(VerdictKinds.Licences);
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldBe(
            "3 of 4 delivered components may not be delivered under the policy: Both 1.0: MIT AND GPL-3.0-only: GPL-3.0-only is denied by 'GPL-*'; "
            + "Mute 1.0: declares no licence; Typo 1.0: Apache-2: not on the SPDX list. Did you mean 'Apache-2.0'. "
            + "Remove the package, allow its licence in the section 'licences' of .nuke/security.yml, or, where a package does not say its licence, declare there what you have looked up.");
        verdict.Figures.ShouldNotBeNull().ShouldBe(new Dictionary<string, double> { ["components"] = 4, ["refused"] = 3, ["unknown"] = 2 }, ignoreOrder: true);
    }

    [Fact]
    public void What_the_user_has_looked_up_counts_where_the_package_says_nothing_known()
    {
        LicencePolicy Declaring(string name, string licence) => new() { Allow = ["MIT"], Declared = new LicencePolicy().Declared.Add(name, licence) };
        Judge(Declaring("mute", "MIT"), Package("Mute", null)).Outcome.ShouldBe(VerdictOutcome.Passed);
        Judge(Declaring("Mute@1.0", "MIT"), Package("Mute", "LicenseRef-url-x")).Outcome.ShouldBe(VerdictOutcome.Passed);
        Judge(Declaring("Mute@2.0", "MIT"), Package("Mute", null)).Outcome.ShouldBe(VerdictOutcome.Failed);
        Judge(Declaring("Loud", "MIT"), Package("Loud", "GPL-3.0-only")).Outcome.ShouldBe(VerdictOutcome.Failed);
        Judge(Declaring("Mute", "GPL-3.0-only"), Package("Mute", null)).Summary.ShouldContain("declared in .nuke/security.yml");
        Judge(Declaring("Mute", "either this or that"), Package("Mute", null)).Summary.ShouldContain("is no licence expression");
    }

    [Fact]
    public void The_unknown_may_be_accepted_as_such() =>
        Judge(new LicencePolicy { Allow = ["MIT"], AllowUnknown = true }, Package("Mute", null), Package("Own", "LicenseRef-own"), Package("Odd", "see the file")).Outcome.ShouldBe(VerdictOutcome.Passed);

    [Fact]
    public void What_is_not_delivered_and_what_is_ones_own_do_not_count()
    {
        var verdict = Judge(
            new LicencePolicy { Allow = ["MIT"] },
            Package("Analyzer", "GPL-3.0-only") with { Scope = SbomScope.Excluded }, Package("Own", null) with { IsPart = true }, Package("Good", "MIT"));
        verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        verdict.Summary.ShouldBe("The licences of 1 delivered component are allowed; none of them unknown.");
    }

    [Fact]
    public void A_misspelt_denial_would_deny_nothing_and_fails() =>
        Judge(new LicencePolicy { Deny = ["GPL-3.0-olny"] }, Package("Good", "MIT")).Summary.ShouldContain("'GPL-3.0-olny' under 'deny' is not on the SPDX list. Did you mean 'GPL-3.0-only'?");

    static ImmutableArray<string> Words(string text) => text.Contains(" WITH ", StringComparison.Ordinal) ? [text] : [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    static Verdict Judge(LicencePolicy policy, params SbomComponent[] components) => LicenceGate.Judge(SbomOf.Components(components), policy);

    static SbomComponent Package(string name, string? licence) => SbomOf.Package(name, "1.0") with { Licences = licence is null ? [] : [new SbomLicence(licence)] };
}
