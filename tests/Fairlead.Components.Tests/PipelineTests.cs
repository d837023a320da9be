using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;

namespace Fairlead.Components.Tests;

public sealed class PipelineTests : IDisposable
{
    readonly World _world = new();

    public void Dispose() => _world.Dispose();

    ReleaseManifest Sealed() => ReleaseReader.Load(_world.Root / "artifacts" / "release").ManifestOrThrow();

    [Fact]
    public async Task Packaging_compiles_tests_scans_and_seals()
    {
        var result = await _world.RunAsync("Package");
        result.Targets.Select(x => x.Name).ShouldBe(["Restore", "Compile", "ScanDependencies", "ScanSecrets", "ScanConfiguration", "ScanLicences", "Scan", "Test", "Package", "Sign"]);
        _world.Verbs.ShouldBe(["restore", "build", "test", "publish"]);
        var release = Sealed();
        release.Application.ShouldBe("web");
        release.Artifact("web")!.EntryPoint.ShouldBe("Web.dll");
        release.Verdict(VerdictKinds.Tests).ShouldBe(new Verdict(VerdictKinds.Tests, VerdictOutcome.Passed, "2 passed, 0 failed, 0 skipped"));
        release.Verdict(VerdictKinds.Scan).Outcome.ShouldBe(VerdictOutcome.NotDone);
        release.Notes.ShouldContain("begin");
        _world.Text.ShouldContain("Scan NOT DONE");
    }

    [Fact]
    public async Task A_sealed_release_of_this_commit_makes_packaging_unnecessary_until_anything_is_different()
    {
        await _world.RunAsync("Package");
        var first = Sealed();
        var again = await _world.RunAsync("Package");
        again.Find("Package")!.Status.ShouldBe(TargetStatus.Succeeded, "A verdict did not pass, and Package was named.");
        Sealed().Digest.ShouldBe(first.Digest);
        again = await _world.RunAsync("DeployStaging");
        again.Find("Package")!.ShouldBe(new TargetResult("Package", TargetStatus.Skipped, TimeSpan.Zero, "the release of this commit is sealed already"));
        again.Find("Compile")!.Status.ShouldBe(TargetStatus.Skipped);

        _world.Write("src/Web/Web.csproj", "<Project></Project>");
        (await _world.RunAsync("Package")).Find("Package")!.Status.ShouldBe(TargetStatus.Succeeded);
        Sealed().Dirty.ShouldBeTrue();

        _world.Commit("fix: something");
        (await _world.RunAsync("Package")).Find("Package")!.Status.ShouldBe(TargetStatus.Succeeded);
        Sealed().Version.ShouldNotBe(first.Version);

        _world.Git("tag", "v2.0.0");
        (await _world.RunAsync("Package")).Find("Package")!.Status.ShouldBe(TargetStatus.Succeeded);
        Sealed().Version.ShouldBe("2.0.0");
    }

    [Fact]
    public async Task Failing_tests_stop_the_build_and_leave_no_release()
    {
        _world.TestOutcome = "Failed";
        var result = await _world.RunAsync("Package", ExitCodes.Failed);
        result.Find("Test")!.Status.ShouldBe(TargetStatus.Failed);
        result.Find("Package")!.Status.ShouldBe(TargetStatus.NotRun);
        ReleaseReader.Load(_world.Root / "artifacts" / "release").Manifest.ShouldBeNull();
    }

    [Theory]
    [InlineData("", "without whole results: Web.Tests")]
    [InlineData("Broken", "without whole results: Web.Tests")]
    [InlineData("Crash", "a test command ended with an error")]
    public async Task A_test_run_that_did_not_end_well_is_no_passed_verdict_whatever_it_left(string outcome, string message)
    {
        _world.TestOutcome = outcome;
        (await _world.RunAsync("Test", ExitCodes.Failed)).Find("Test")!.Detail!.ShouldContain(message);
        await _world.RunAsync("Package --skip Test");
        Sealed().Verdict(VerdictKinds.Tests).Outcome.ShouldBe(VerdictOutcome.Failed);
    }

    [Fact]
    public async Task A_verdict_over_another_commit_is_worth_nothing()
    {
        await _world.RunAsync("Package");
        _world.Commit("fix: something");
        await _world.RunAsync("Package --skip Test");
        Sealed().Verdict(VerdictKinds.Tests).ShouldBe(new Verdict(VerdictKinds.Tests, VerdictOutcome.NotDone, "It was last run over another commit."));
    }

    [Fact]
    public async Task A_release_goes_from_staging_to_production_as_it_is()
    {
        var early = await _world.RunAsync("DeployProduction", ExitCodes.Refused);
        early.Find("DeployProduction")!.Detail!.ShouldContain("no release");
        await _world.RunAsync("DeployStaging");
        _world.Text.ShouldContain("is live on staging");
        var commands = _world.Processes.Commands.Count(x => x.Tool == "dotnet");

        await _world.RunAsync("DeployStaging");
        _world.Text.ShouldContain("already live");
        var production = await _world.RunAsync("DeployProduction");
        production.Targets.Select(x => x.Name).ShouldBe(["DeployProduction"]);
        _world.Text.ShouldContain("is live on production");
        _world.Processes.Commands.Count(x => x.Tool == "dotnet").ShouldBe(commands);

        await _world.RunAsync(":status production");
        _world.Text.ShouldContain(Sealed().Version);
    }

    [Fact]
    public async Task What_was_not_verified_on_staging_is_refused_and_each_missing_thing_named()
    {
        await _world.RunAsync("Package --skip Test");
        var refused = await _world.RunAsync("DeployProduction", ExitCodes.Refused);
        refused.Find("DeployProduction")!.Detail!.ShouldContain("2 things are missing");
        refused.Find("DeployProduction")!.Detail!.ShouldContain("staging");
        refused.Find("DeployProduction")!.Detail!.ShouldContain("'tests'");
        _world.Platform.States.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_changed_artifact_is_refused()
    {
        await _world.RunAsync("Package");
        var archive = _world.Root / "artifacts" / "release" / "web.tar.gz";
        var bytes = await File.ReadAllBytesAsync(archive);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(archive, bytes);
        (await _world.RunAsync("DeployProduction", ExitCodes.Refused)).Find("DeployProduction")!.Detail!.ShouldContain("was changed after sealing");
    }

    [Fact]
    public async Task A_named_release_is_used_and_nothing_is_built()
    {
        await _world.RunAsync("Package");
        var kept = _world.Root.Parent / $"{_world.Root.Name}-kept";
        try
        {
            (_world.Root / "artifacts" / "release").CopyToDirectory(kept);
            _world.Commit("feat: more");
            var result = await _world.RunAsync($"DeployStaging --release {kept}/release");
            result.Find("Package")!.Status.ShouldBe(TargetStatus.Skipped);
            result.Find("Compile")!.Status.ShouldBe(TargetStatus.Skipped);
        }
        finally
        {
            kept.DeleteDirectory();
        }
    }

    [Fact]
    public async Task A_mistake_in_the_environments_stops_deployments_and_not_the_rescue()
    {
        await _world.RunAsync("DeployStaging");
        _world.Commit("feat: two");
        await _world.RunAsync("DeployStaging");
        _world.Write(".nuke/environments.yml", "application: web\nenvironments:\n  staging:\n    ulr: http://127.0.0.1:5001\n");
        var stopped = await _world.RunAsync("DeployStaging", ExitCodes.Usage);
        stopped.Targets.ShouldBeEmpty("Nothing is compiled before the mistake is said.");
        _world.Text.ShouldContain("environments.yml:4:5");
        await _world.RunAsync(":rollback staging");
        _world.Text.ShouldContain("is live on staging");
    }

    [Fact]
    public async Task Without_a_channel_the_announcement_is_shown()
    {
        await _world.RunAsync("Package");
        await _world.RunAsync("Announce");
        _world.Text.ShouldContain("No channel is configured");
        _world.Text.ShouldContain("begin");
    }

    [Fact]
    public async Task Verbs_without_an_environment_name_those_there_are()
    {
        await _world.RunAsync(":rollback", ExitCodes.Usage);
        _world.Text.ShouldContain("There are: staging, production");
        await _world.RunAsync(":down production", ExitCodes.Refused);
        await _world.RunAsync(":down stagin", ExitCodes.Usage);
        _world.Text.ShouldContain("Did you mean 'staging'?");
    }

    [Fact]
    public async Task The_list_of_targets_is_what_people_expect()
    {
        await _world.RunAsync("--list");
        _world.Text.ShouldBe("""
            Target             Depends on
            Announce                                                                           Tells people about the release
            DeployProduction                                                                   Deploys the release to production
            Restore                                                                            Restores the packages of the solution
            ScanConfiguration                                                                  Looks for mistakes in Dockerfiles, Kubernetes and Terraform files
            ScanImages                                                                         Looks for vulnerable packages and secrets in images
            ScanSecrets                                                                        Looks for secrets in the working tree
            Tag                                                                                Sets the next version: in files, changelog, commit and tag
            Compile            Restore                                                         Compiles the solution
            ScanDependencies   Restore                                                         Looks for vulnerable packages among the dependencies
            ScanLicences       Restore                                                         Judges the licences of the dependencies
            Scan               ScanDependencies, ScanSecrets, ScanConfiguration, ScanLicences  Scans sources and dependencies
            Test               Compile                                                         Runs the tests
            Package            Compile, Scan, Test                                             Builds, checks and seals the release
            Sign               Package                                                         Signs the sealed release and states how it was built
            DeployStaging      Package, Sign                                                   Deploys the release to staging

            No target is the default.

            """);
    }

    [Fact]
    public async Task Environments_shows_what_applies_and_keeps_the_schema_beside_the_file()
    {
        await _world.RunAsync(":environments staging");
        _world.Text.ShouldContain("staging  (web)");
        _world.Text.ShouldNotContain("production  (web)");
        _world.Text.ShouldContain("keep_releases");
        _world.Text.ShouldContain("C#");
        _world.Text.ShouldContain(".nuke/environments.yml:4:10");
        (_world.Root / ".nuke" / EnvironmentsSchema.FileName).ReadAllText().ShouldBe(EnvironmentsSchema.Text());
        await _world.RunAsync(":environments");
        _world.Text.ShouldContain("production  (web)");
        _world.Text.ShouldNotContain("Wrote");
        await _world.RunAsync(":environments stagin", ExitCodes.Usage);
        _world.Text.ShouldContain("Did you mean 'staging'?");
    }
}
