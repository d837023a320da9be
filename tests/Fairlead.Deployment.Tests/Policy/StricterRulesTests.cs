namespace Fairlead.Deployment.Tests;

public sealed class StricterRulesTests
{
    static readonly EnvironmentSpec Production = EnvironmentsFile.Parse(World.OneService, "environments.yml", "shop").Environment("production");

    [Fact]
    public void The_minimum_is_the_larger_and_who_counts_is_said_by_the_ref()
    {
        var ofRef = Production with { Approvals = new ApprovalSpec { Required = true, Minimum = 2, Approvers = ["a@x"], BreakGlass = ["b@x"], Signers = "keys" } };
        var released = Production with { Approvals = new ApprovalSpec { Required = true, Minimum = 3, Approvers = ["evil@x"], BreakGlass = ["evil@x"], Signers = "evil" } };
        var both = StricterRules.Of(released, ofRef).Approvals;
        (both.Minimum, both.Approvers[0], both.BreakGlass[0], both.Signers).ShouldBe((3, "a@x", "b@x", "keys"));
        StricterRules.Of(Production, ofRef).Approvals.Minimum.ShouldBe(2);
        // The release asks where the ref does not: it may, but the keys are those of the ref.
        var added = StricterRules.Of(released, Production).Approvals;
        (added.Required, added.Minimum, added.Signers).ShouldBe((true, 3, ApprovalSpec.DefaultSigners));
    }

    [Fact]
    public void Branches_windows_and_verdicts_must_please_both()
    {
        var ofRef = Production with
        {
            Branches = ["main"],
            Windows = new DeploymentWindows { Deny = [new WeeklyWindow([DayOfWeek.Friday], default, default)] },
            Verdicts = Production.Verdicts.SetItem("scan", VerdictRequirement.Required),
            RequiresVerifiedOn = "staging",
        };
        var released = Production with { Branches = ["**"], Windows = new DeploymentWindows { TimeZone = "Europe/Berlin", Freezes = [new Freeze(new DateOnly(2026, 12, 20), new DateOnly(2027, 1, 2), null)] }, Verdicts = Production.Verdicts.SetItem("scan", VerdictRequirement.WhenAvailable).SetItem("more", VerdictRequirement.Required), RequiresVerifiedOn = null };
        var both = StricterRules.Of(released, ofRef);
        both.AllowsBranch("main").ShouldBeTrue();
        both.AllowsBranch("evil").ShouldBeFalse();
        both.AllowsBranch(null).ShouldBeFalse();
        both.Windows.Also.ShouldHaveSingleItem().Deny.ShouldHaveSingleItem();
        both.Windows.Freezes.ShouldHaveSingleItem();
        StricterRules.Of(Production, ofRef).Windows.Deny.ShouldHaveSingleItem();
        both.Verdicts["scan"].ShouldBe(VerdictRequirement.Required);
        both.Verdicts["more"].ShouldBe(VerdictRequirement.Required);
        both.RequiresVerifiedOn.ShouldBe("staging");
        StricterRules.Of(released with { Branches = ["release/*"] }, ofRef).AllowsBranch("main").ShouldBeFalse();
    }

    [Fact]
    public void Applying_it_twice_changes_no_answer()
    {
        var ofRef = Production with { Branches = ["main"], Approvals = new ApprovalSpec { Required = true, Minimum = 2, Approvers = ["a@x"] } };
        var once = StricterRules.Of(Production with { IsProtected = false }, ofRef);
        var twice = StricterRules.Of(once, ofRef);
        (twice.IsProtected, twice.Approvals.Minimum, twice.AllowsBranch("main"), twice.AllowsBranch("x")).ShouldBe((true, 2, true, false));
    }

    [Fact]
    public void Where_nobody_protects_the_environment_the_release_says_it_all()
    {
        var open = Production with { IsProtected = false };
        StricterRules.Of(open, open with { Branches = ["main"] }).AlsoBranches.ShouldBeEmpty();
        StricterRules.Of(Production, null).ShouldBeSameAs(Production);
    }
}
