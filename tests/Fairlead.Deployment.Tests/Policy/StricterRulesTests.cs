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

    [Fact]
    public void The_short_path_of_hotfixes_leaves_out_only_what_both_leave_out_for_branches_that_both_name()
    {
        var released = Production with { Hotfix = new HotfixSpec { Branches = ["*"], Skip = ["verified", "window", "branch", "tests", "scan", "sbom"], MergeInto = ["nowhere"] } };
        StricterRules.Of(released, Production).Hotfix.Skip.ShouldBeEmpty();
        var both = StricterRules.Of(released, Production with { Hotfix = new HotfixSpec { Branches = ["hotfix/*", "urgent"], Skip = ["window", "rollback"], MergeInto = ["main"] } }).Hotfix;
        both.Skip.ShouldBe(["window"]);
        (both.IsFor("urgent"), both.IsFor("main"), both.IsFor("hotfix/1"), both.IsFor(null)).ShouldBe((true, false, false, false));
        both.MergeInto.ShouldBe(["main", "nowhere"]);
        StricterRules.Of(Production, released).Hotfix.Skip.ShouldBeEmpty();
    }

    [Fact]
    public void The_checks_of_the_ref_are_run_and_those_of_the_release_beside_them()
    {
        var smoke = new CheckSpec { Name = "smoke", Http = "/ready", Contains = "ok" };
        var (security, weak, more) = (new CheckSpec { Name = "security", Command = ["./scan"] }, smoke with { Contains = null }, new CheckSpec { Name = "integration", Command = ["./all"] });
        var ofRef = Production with { Checks = [smoke, security] };
        StricterRules.Of(Production, ofRef).Checks.ShouldBe([smoke, security]);
        var both = StricterRules.Of(Production with { Checks = [weak, more] }, ofRef);
        both.Checks.ShouldBe([smoke, weak with { Name = "smoke 2" }, more, security]);
        // For the newest commit of the ref it is done again.
        StricterRules.Of(both, ofRef with { Checks = [smoke, security with { Command = ["./scan"] }] }).Checks.ShouldBe(both.Checks);
        StricterRules.Of(Production with { Checks = [more] }, Production).Checks.ShouldBe([more]);
    }

    [Fact]
    public void Records_of_the_audit_are_kept_as_the_stricter_asks()
    {
        var ofRef = Production with { Audit = [Kept("approval_records", 365, isSafe: true), Kept("deployment_logs", 30), Kept("security_scans", null)] };
        var released = Production with { Audit = [Kept("approval_records", 1), Kept("deployment_logs", 90), Kept("security_scans", 1)] };
        StricterRules.Of(released, ofRef).Audit.ShouldBe([Kept("approval_records", 365, isSafe: true), Kept("deployment_logs", 90), Kept("security_scans", null)]);
        // Without a word records stay for ever, and a release cannot bring a period along.
        StricterRules.Of(released, Production).Audit.ShouldAllBe(x => x.Retention == null);
        StricterRules.Of(Production, ofRef).Audit[0].ShouldBe(Kept("approval_records", null, isSafe: true));

        static RecordKeeping Kept(string name, int? days, bool isSafe = false) =>
            new() { Name = name, Retention = days is { } number ? TimeSpan.FromDays(number) : null, Encryption = isSafe, TamperProof = isSafe };
    }

    [Fact]
    public void Who_may_consent_to_a_bypass_is_said_by_the_groups_of_the_ref_also_where_it_asks_for_no_approval()
    {
        var ofRef = Parse("security: [sue@example.com]", "bypass: { approvers: [security] }");
        var released = Parse("security: [mallory@example.com]", "bypass: { approvers: [security] }");
        var both = StricterRules.Of(released, ofRef).Bypass!;
        both.Expand(both.Approvers).ShouldBe(["sue@example.com"]);

        static EnvironmentSpec Parse(string group, string bypass) => EnvironmentsFile.Parse(
            $"application: shop\ngroups:\n  {group}\nenvironments:\n  production:\n    url: http://127.0.0.1:5090\n    {bypass}\n", "environments.yml", "shop").Environment("production");
    }
}
