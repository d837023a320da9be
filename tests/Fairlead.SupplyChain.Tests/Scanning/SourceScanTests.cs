using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

public sealed class SourceScanTests : IDisposable
{
    readonly ScanWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_clean_scan_passes_and_gives_its_figures()
    {
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies, new RestoredPackages(2, 1))).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Passed, verdict.Summary);
        verdict.Kind.ShouldBe("scan.dependencies");
        verdict.Summary.ShouldBe("2 NuGet packages in 1 files (restore resolved 2 in 1 projects): nothing high or critical.");
        verdict.Figures!["critical"].ShouldBe(0);
        verdict.Figures.Keys.ShouldBe(["unknown", "low", "medium", "high", "critical"]);
    }

    [Fact]
    public async Task All_parts_share_one_call_whose_canaries_show_nowhere()
    {
        var scan = await SourceScan.RunAsync(_world.Settings, [ScanPart.Secrets, ScanPart.Configuration, ScanPart.Dependencies]);
        foreach (var part in new[] { ScanPart.Dependencies, ScanPart.Secrets, ScanPart.Configuration })
        {
            var result = scan.Judge(part);
            result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, result.Verdict.Summary);
            result.Findings.ShouldBeEmpty();
            result.Reports["sources"].ShouldNotContain("canary-");
        }

        _world.Scans.Count.ShouldBe(1);
        _world.Scans[0].Arguments.ShouldContain("vuln,secret,misconfig");
        (_world.Directory / "temp").GetDirectories("scan-*").ShouldBeEmpty("Nothing is left behind.");
    }

    [Fact]
    public async Task High_and_critical_findings_close_the_gate_and_are_named_without_the_secret()
    {
        _world.Results.AddRange([ScanWorld.Vulnerable("CVE-1", "HIGH"), ScanWorld.Vulnerable("CVE-2", "LOW"), ScanWorld.Secret("appsettings.json")]);
        var packages = await _world.JudgeAsync(ScanPart.Dependencies, new RestoredPackages(2, 1));
        packages.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        packages.Verdict.Summary.ShouldContain("1 high or critical in");
        packages.Verdict.Summary.ShouldContain("CVE-1 in src/packages.lock.json (A 1.0.0, mended in 1.0.1: bad)");
        packages.Verdict.Summary.ShouldNotContain("CVE-2");
        packages.Verdict.Figures!["low"].ShouldBe(1);
        var secrets = await _world.JudgeAsync(ScanPart.Secrets);
        secrets.Verdict.Summary.ShouldContain("github-pat in appsettings.json:7");
        $"{secrets.Verdict}{string.Concat(secrets.Findings)}{secrets.Reports["sources"]}".ShouldNotContain("verysecret");
    }

    [Fact]
    public async Task One_advisory_in_many_files_is_one_thing_to_mend()
    {
        _world.Results.AddRange([ScanWorld.Vulnerable("CVE-1", "HIGH"), ScanWorld.Vulnerable("CVE-1", "HIGH", file: "tests/packages.lock.json")]);
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies)).Verdict;
        verdict.Summary.ShouldStartWith("1 high or critical");
        verdict.Summary.ShouldContain("and 1 more (A 1.0.0");
        verdict.Figures!["high"].ShouldBe(1);
    }

    [Theory]
    [InlineData("""{ "SchemaVersion": 2, "ArtifactName": "." }""")]
    [InlineData("""{ "SchemaVersion": 2, "Results": null }""")]
    public async Task A_report_without_results_is_no_pass(string json)
    {
        _world.RawReport = json;
        foreach (var part in new[] { ScanPart.Dependencies, ScanPart.Secrets, ScanPart.Configuration })
            (await _world.JudgeAsync(part)).Verdict.Outcome.ShouldBe(VerdictOutcome.Failed, $"{part}");
    }

    [Fact]
    public async Task A_scan_that_saw_none_of_the_resolved_packages_has_failed()
    {
        _world.Results.Clear();
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies, new RestoredPackages(5, 1))).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("saw no NuGet package, but restore resolved 5");
        verdict.Summary.ShouldContain("RestorePackagesWithLockFile");
        (await _world.JudgeAsync(ScanPart.Dependencies, new RestoredPackages(0, 0))).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, "Where nothing was resolved nothing need be seen.");
    }

    [Fact]
    public async Task A_scan_that_saw_the_packages_of_some_projects_only_has_failed()
    {
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies, new RestoredPackages(5, 2))).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("the package files of 1 of 2 projects only");
    }

    [Theory]
    [InlineData("lang-pkgs", ScanPart.Dependencies, "empty or damaged")]
    [InlineData("secret", ScanPart.Secrets, "did not find a token that was planted")]
    [InlineData("config", ScanPart.Configuration, "mistakes of a Dockerfile that was planted")]
    public async Task A_scanner_that_does_not_find_what_was_planted_has_failed_for_that_part_only(string blind, ScanPart part, string expected)
    {
        _world.Blind.Add(blind);
        foreach (var x in new[] { ScanPart.Dependencies, ScanPart.Secrets, ScanPart.Configuration })
        {
            var verdict = (await _world.JudgeAsync(x)).Verdict;
            verdict.Outcome.ShouldBe(x == part ? VerdictOutcome.Failed : VerdictOutcome.Passed, verdict.Summary);
            if (x == part)
                verdict.Summary.ShouldContain(expected);
        }
    }

    [Theory]
    [InlineData("\u001b[31mFATAL\u001b[0m init error: DB error: failed to download vulnerability DB")]
    [InlineData("INFO Downloading DB...")]
    [InlineData("ERROR The first run cannot skip downloading DB")]
    public async Task Without_a_database_the_dependencies_have_failed_and_the_rest_is_done(string last)
    {
        (_world.Directory / "cache").DeleteDirectory();
        _world.Fails = x => x.Arguments.Contains("vuln,secret,misconfig") ? last : null;
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldStartWith("Trivy has no vulnerability database");
        verdict.Summary.ShouldNotContain("\u001b");
        (await _world.JudgeAsync(ScanPart.Secrets)).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
    }

    [Fact]
    public async Task A_database_that_cannot_be_renewed_does_while_it_is_young()
    {
        _world.Fails = x => x.Arguments.Contains("--skip-db-update") ? null : "FATAL failed to download vulnerability DB";
        var result = await _world.JudgeAsync(ScanPart.Dependencies);
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, result.Verdict.Summary);
        result.Warnings.ShouldContain(x => x.StartsWith("The vulnerability database could not be renewed", StringComparison.Ordinal));
        _world.Database(TimeSpan.FromDays(8));
        (await _world.JudgeAsync(ScanPart.Dependencies)).Verdict.Summary.ShouldStartWith("Trivy has no vulnerability database");
    }

    [Fact]
    public async Task A_database_older_than_the_policy_allows_has_failed()
    {
        _world.Database(TimeSpan.FromDays(8));
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("8 days old");
        verdict.Summary.ShouldContain("allows 7");
        _world.Policy = new SecurityPolicy { DatabaseMaxAge = TimeSpan.FromDays(14) };
        (await _world.JudgeAsync(ScanPart.Dependencies)).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        AtomicFile.Write(_world.Directory / "cache/db/metadata.json", "{}");
        (await _world.JudgeAsync(ScanPart.Dependencies)).Verdict.Summary.ShouldContain("Nobody can say how old");
        (await _world.JudgeAsync(ScanPart.Secrets)).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, "Secrets need no database.");
    }

    [Theory]
    [InlineData("FATAL unknown flag: --scanners", "exit code 1: FATAL unknown flag")]
    [InlineData("unable to initialize: cache may be in use by another process: timeout", "Another Trivy works on the same cache")]
    [InlineData("", "exit code 1: INFO begin")]
    public async Task A_scan_that_breaks_off_has_failed_with_its_own_message(string last, string expected)
    {
        _world.Fails = _ => last;
        var verdict = (await _world.JudgeAsync(ScanPart.Secrets)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain(expected);
    }

    [Fact]
    public async Task A_scan_that_takes_too_long_has_failed()
    {
        _world.Processes.When(x => x.Arguments[0] == "fs", x => throw new ProcessFailedException("trivy", new ProcessResult(137, [], TimeSpan.FromMinutes(15)), x.Timeout));
        (await _world.JudgeAsync(ScanPart.Secrets)).Verdict.ShouldBe(new Verdict(ScanKinds.Secrets, VerdictOutcome.Failed, "Trivy was stopped after 15 minutes."));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[{ \"Target\": \"x\" }]")]
    [InlineData("{}")]
    [InlineData("""{ "SchemaVersion": "2" }""")]
    [InlineData("""{ "SchemaVersion": 3 }""")]
    [InlineData("""{ "SchemaVersion": 2, "Results": 5 }""")]
    [InlineData("""{ "SchemaVersion": 2, "Results": [ 5 ] }""")]
    public async Task A_report_that_cannot_be_read_has_failed_and_says_so(string json)
    {
        _world.RawReport = json;
        var verdict = (await _world.JudgeAsync(ScanPart.Secrets)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldStartWith("The report of Trivy cannot be read");
    }

    [Fact]
    public void No_cut_of_a_report_is_read_as_one()
    {
        var report = $$"""{ "SchemaVersion": 2, "Results": [ {{ScanWorld.Lock}}, {{ScanWorld.Secret("a")}} ] }""";
        Prop.ForAll(Gen.Choose(0, report.Length - 1).ToArbitrary(), length => Throws(report[..length])).QuickCheckThrowOnFailure();

        static bool Throws(string json)
        {
            try
            {
                TrivyReport.Parse(json);
                return false;
            }
            catch (System.Text.Json.JsonException)
            {
                return true;
            }
        }
    }

    [Theory]
    [InlineData("trivy")]
    [InlineData("trivy-044-local")]
    public void Every_recorded_report_is_read(string directory)
    {
        foreach (var file in SupplyChainData.File(directory).GetFiles("*.json").Where(x => x.ReadAllText().Contains("\"SchemaVersion\"", StringComparison.Ordinal)))
        {
            var report = TrivyReport.Parse(file.ReadAllText());
            report.Results.SelectMany(x => x.Findings).ShouldAllBe(x => x.Id.Length > 0 && x.File.Length > 0, file);
            string.Concat(report.Results.SelectMany(x => x.Findings)).ShouldNotContain("ghp_");
        }
    }

    [Fact]
    public async Task Without_trivy_nothing_was_done_and_the_verdict_says_what_was_tried()
    {
        _world.Set("PATH", "/nowhere");
        var verdict = (await _world.JudgeAsync(ScanPart.Secrets)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.NotDone);
        verdict.Summary.ShouldContain("trivy is not on the PATH, and .nuke/tools.lock.json does not pin it");
        verdict.Summary.ShouldContain("https://trivy.dev/");
    }

    [Fact]
    public async Task Configuration_files_that_were_not_looked_at_have_failed()
    {
        (await _world.JudgeAsync(ScanPart.Configuration)).Verdict.Summary.ShouldBe("No Dockerfile, Kubernetes manifest or Terraform file to look at: nothing high or critical.");
        _world.Write("web/Dockerfile", "FROM a\n");
        _world.Write("k8s/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n");
        _world.Write("infra/main.tf", "resource \"a\" \"b\" {}\n");
        _world.Write("chart/templates/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Name }}\n");
        var verdict = (await _world.JudgeAsync(ScanPart.Configuration)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("did not look at web/Dockerfile, k8s/pod.yaml, infra/main.tf. ");
        _world.Results.AddRange([ScanWorld.Misconfigured("web/Dockerfile", severity: "LOW"), ScanWorld.Misconfigured("k8s/pod.yaml", "kubernetes", "LOW"), ScanWorld.Misconfigured("infra", "terraform", "LOW")]);
        verdict = (await _world.JudgeAsync(ScanPart.Configuration)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Passed, verdict.Summary);
        verdict.Summary.ShouldContain("1 Dockerfiles, 1 Kubernetes manifests, 1 Terraform files");
        _world.Results.RemoveAll(x => x.Contains("web/Dockerfile", StringComparison.Ordinal));
        _world.Policy = new SecurityPolicy { ConfigurationSkip = ["web/**"] };
        (await _world.JudgeAsync(ScanPart.Configuration)).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
    }

    [Fact]
    public async Task Nothing_in_the_tree_or_in_the_environment_weakens_a_scan()
    {
        foreach (var file in new[] { "trivy.yaml", ".trivyignore", "trivy-secret.yaml" })
            _world.Write(file, "x");
        _world.Write("a.tf", "resource \"a\" \"b\" {\n  #trivy:ignore:AVD-1\n}\n");
        foreach (var name in new[] { "TRIVY_SEVERITY", "TRIVY_SKIP_DIRS", "TRIVY_IGNORE_POLICY", "TRIVY_EXIT_CODE", "TRIVY_DB_REPOSITORY" })
            _world.Set(name, "x");
        (await _world.JudgeAsync(ScanPart.Dependencies)).Warnings.ShouldBe([
            "'.trivyignore' does not count here: what may pass is said in .nuke/security.yml, with a reason, an owner and an end.",
            "'trivy.yaml' does not count here: what may pass is said in .nuke/security.yml, with a reason, an owner and an end."]);
        (await _world.JudgeAsync(ScanPart.Secrets)).Warnings.ShouldHaveSingleItem().ShouldContain("'trivy-secret.yaml'");
        (await _world.JudgeAsync(ScanPart.Configuration)).Warnings.ShouldHaveSingleItem().ShouldContain("a.tf:2");
        _world.Copied["sources/a.tf"].ShouldContain("#trivy_ignore");
        var command = _world.Scans[0];
        command.Environment.Where(x => x.Value is null).Select(x => x.Key).ShouldBe(["TRIVY_CACHE_DIR", "TRIVY_EXIT_CODE", "TRIVY_IGNORE_POLICY", "TRIVY_SEVERITY", "TRIVY_SKIP_DIRS"]);
        command.WorkingDirectory.ShouldNotBe(_world.Root);
        foreach (var option in new[] { "--config", "--ignorefile", "--secret-config" })
            command.Arguments[command.Arguments.IndexOf(option) + 1].ShouldStartWith(command.WorkingDirectory!);
    }

    [Fact]
    public async Task Secrets_in_skipped_files_are_listed_and_do_not_count()
    {
        _world.Results.Add(ScanWorld.Secret("tests/fixtures/key.txt"));
        (await _world.JudgeAsync(ScanPart.Secrets)).Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        _world.Policy = new SecurityPolicy { SecretsSkip = ["tests/fixtures/**"] };
        var result = await _world.JudgeAsync(ScanPart.Secrets);
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        result.Findings.ShouldHaveSingleItem().Because.ShouldBe("the file is in 'secrets.skip' of .nuke/security.yml");
    }

    [Fact]
    public async Task The_lock_file_of_one_project_does_not_stand_in_for_that_of_another()
    {
        var count = new RestoredPackages(2, 1) { LockFiles = [_world.Root / "app/packages.lock.json"] };
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies, count)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("did not see app/packages.lock.json");
        (await _world.JudgeAsync(ScanPart.Dependencies, count with { LockFiles = [_world.Root / "src/packages.lock.json"] })).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
    }

    [Fact]
    public async Task A_lock_file_that_does_not_say_what_was_restored_has_failed()
    {
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies, new RestoredPackages(2, 1) { Differences = ["'packages.lock.json' of 'A.csproj' does not agree with what restore resolved: why."] })).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("What was scanned is not what is built");
    }

    [Fact]
    public async Task Skipped_files_are_counted_and_skipping_all_has_failed()
    {
        _world.Write("web/Dockerfile", "FROM a\n");
        _world.Policy = new SecurityPolicy { SecretsSkip = ["src/**"], ConfigurationSkip = ["web/**"] };
        var secrets = (await _world.JudgeAsync(ScanPart.Secrets)).Verdict;
        secrets.Outcome.ShouldBe(VerdictOutcome.Passed);
        secrets.Summary.ShouldStartWith("1 files looked through for secrets (1 more skipped by 'secrets.skip')");
        var configuration = (await _world.JudgeAsync(ScanPart.Configuration)).Verdict;
        configuration.Outcome.ShouldBe(VerdictOutcome.Failed);
        configuration.Summary.ShouldContain("are in 'configuration.skip'");
        _world.Policy = new SecurityPolicy { SecretsSkip = ["**/*"] };
        secrets = (await _world.JudgeAsync(ScanPart.Secrets)).Verdict;
        secrets.Outcome.ShouldBe(VerdictOutcome.Failed);
        secrets.Summary.ShouldContain("All 2 files are in 'secrets.skip'");
    }

    [Fact]
    public async Task Credentials_of_the_build_do_not_reach_the_scanner()
    {
        string[] hidden = ["ACTIONS_ID_TOKEN_REQUEST_URL", "FAIRLEAD_SIGNING", "GITHUB_TOKEN", "NUGET_API_KEY", "NUKE_X", "db_password", "MY_SECRET"];
        foreach (var name in hidden.Concat(["TRIVY_REGISTRY_TOKEN", "TRIVY_PASSWORD", "DOCKER_CONFIG", "HTTPS_PROXY"]))
            _world.Set(name, "x");
        await _world.JudgeAsync(ScanPart.Secrets);
        foreach (var command in _world.Processes.Commands.Where(x => x.Tool != "git"))
            command.Environment.Where(x => x.Value is null).Select(x => x.Key).ShouldBe(hidden.Append("TRIVY_CACHE_DIR"), ignoreOrder: true, command.Display);
    }

    [Fact]
    public async Task What_strangers_write_cannot_command_a_terminal()
    {
        _world.Results.Add(ScanWorld.Vulnerable("CVE-1", "HIGH", "A\\u001b[2J").Replace("\"bad\"", "\"bad\\n::set-output name=x::y\"", StringComparison.Ordinal));
        var result = await _world.JudgeAsync(ScanPart.Dependencies);
        foreach (var text in FindingTable.Lines(result.Findings).Append(result.Verdict.Summary).Append(result.Findings[0].Title))
            text.Any(char.IsControl).ShouldBeFalse(text);
        result.Verdict.Summary.ShouldContain("bad ::set-output");
    }

    [Fact]
    public async Task A_database_from_the_future_is_not_young()
    {
        _world.Database(TimeSpan.FromHours(-23));
        (await _world.JudgeAsync(ScanPart.Dependencies)).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        _world.Database(TimeSpan.FromHours(-25));
        var verdict = (await _world.JudgeAsync(ScanPart.Dependencies)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("which is yet to come");
    }

    [Theory]
    [InlineData("bad\uD800.txt")]
    [InlineData(null)]
    public async Task Files_that_cannot_be_read_have_failed_and_are_named(string? name)
    {
        name ??= new string('n', 300);
        _world.Processes.When(x => x.Tool == "git", _ => new ProcessResult(0, [new OutputLine(OutputKind.Out, $"src/A.cs\0gone.cs\0{name}\0")], TimeSpan.Zero));
        var verdict = (await _world.JudgeAsync(ScanPart.Secrets)).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain(name[..3]);
        verdict.Summary.ShouldNotContain("gone.cs");
    }

    [Fact]
    public async Task A_directory_that_git_could_not_open_has_failed()
    {
        _world.Processes.When(x => x.Tool == "git", _ => new ProcessResult(
            0, [new OutputLine(OutputKind.Error, "warning: could not open directory 'private/': Permission denied"), new OutputLine(OutputKind.Out, "src/A.cs\0")], TimeSpan.Zero));
        (await _world.JudgeAsync(ScanPart.Secrets)).Verdict.Summary.ShouldContain("private/");
    }

    [Fact]
    public async Task The_copy_is_for_nobody_else_and_programs_stay_programs()
    {
        if (OperatingSystem.IsWindows())
            return;
        _world.Write("run.sh", "x");
        File.SetUnixFileMode(_world.Root / "run.sh", (UnixFileMode)0b111_101_101);
        var tree = await StagedTree.OfSourcesAsync(_world.Processes, _world.Root, _world.Directory / "copy", TestContext.Current.CancellationToken);
        File.GetUnixFileMode(tree.Root).ShouldBe((UnixFileMode)0b111_000_000);
        File.GetUnixFileMode(tree.At("src/A.cs")).ShouldBe((UnixFileMode)0b110_000_000);
        File.GetUnixFileMode(tree.At("run.sh")).ShouldBe((UnixFileMode)0b111_000_000);
    }
}
