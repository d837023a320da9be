using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests.Scanning;

/// <summary>The real Trivy, with a real (small) database: what is planted is found, and no way of looking at nothing passes.</summary>
public sealed class TrivyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_clean_repository_passes_and_what_is_planted_is_found_in_one_call()
    {
        using var repository = await ScanRepository.CreateAsync();
        var clean = await repository.ScanAsync();
        foreach (var part in new[] { clean.Dependencies, clean.Secrets, clean.Configuration })
            part.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, part.Verdict.Summary);
        clean.Dependencies.Verdict.Summary.ShouldStartWith("1 NuGet packages in 1 files (restore resolved 1 in 1 projects)");

        repository.Lock("src/A/packages.lock.json", ("Good.Package", "1.0.0"), ("Bad.Package", "1.0.0"), ("Meek.Package", "1.0.0"));
        // Three directories in which Trivy by itself would not look.
        foreach (var file in new[] { "dev/a.txt", "tests/b.txt", "docs/c.md" })
            repository.Write(file, $"token = \"ghp_{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789", 36)}\"\n");
        repository.Write("web/Dockerfile", "FROM debian:latest\nUSER root\n");
        repository.Write("k8s/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: a\n      securityContext:\n        privileged: true\n");
        repository.Write("infra/main.tf", "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n  acl    = \"public-read\"\n}\n");
        var found = await repository.ScanAsync();
        found.Dependencies.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        found.Dependencies.Verdict.Summary.ShouldContain("CVE-2030-0001 in src/A/packages.lock.json (Bad.Package 1.0.0, mended in 2.0.0");
        found.Dependencies.Verdict.Figures!["medium"].ShouldBe(1);
        found.Secrets.Findings.Select(x => x.File).ShouldBe(["dev/a.txt", "docs/c.md", "tests/b.txt"]);
        found.Secrets.Reports["sources"].ShouldNotContain("ghp_");
        found.Configuration.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        found.Configuration.Findings.Select(x => x.File).Distinct().Order(StringComparer.Ordinal).ShouldBe(["infra/main.tf", "k8s/pod.yaml", "web/Dockerfile"]);
        found.Configuration.Verdict.Summary.ShouldContain("1 Dockerfiles, 1 Kubernetes manifests, 1 Terraform files");
        foreach (var line in FindingTable.Lines([.. found.Dependencies.Findings, .. found.Secrets.Findings, .. found.Configuration.Findings]))
            output.WriteLine(line);
    }

    [Fact]
    public async Task Nothing_in_the_tree_makes_it_pass()
    {
        using var repository = await ScanRepository.CreateAsync();
        repository.Lock("src/A/packages.lock.json", ("Bad.Package", "1.0.0"));
        repository.Write("src/key.txt", $"token = \"ghp_{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 36)}\"\n");
        repository.Write("infra/main.tf", "resource \"aws_s3_bucket\" \"b\" { #trivy:ignore:* #tfsec:ignore:*\n  acl = \"public-read\"\n}\n");
        repository.Write("trivy.yaml", "scan:\n  skip-dirs: [\"**\"]\nseverity: [LOW]\nexit-code: 0\n");
        repository.Write(".trivyignore", "CVE-2030-0001\ngithub-pat\n");
        repository.Write(".trivyignore.yaml", "vulnerabilities:\n  - id: CVE-2030-0001\n");
        repository.Write("trivy-secret.yaml", "disable-rules: [github-pat]\n");
        foreach (var (name, value) in new[] { ("TRIVY_SKIP_DIRS", "**"), ("TRIVY_SEVERITY", "LOW"), ("TRIVY_IGNOREFILE", (string)(repository.Root / ".trivyignore")), ("TRIVY_IGNORE_UNFIXED", "true"), ("TRIVY_SKIP_FILES", "**/*") })
            repository.Environment[name] = value;
        var found = await repository.ScanAsync();
        found.Dependencies.Verdict.Summary.ShouldContain("CVE-2030-0001");
        found.Secrets.Verdict.Summary.ShouldContain("github-pat in src/key.txt:1");
        found.Configuration.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        found.Configuration.Warnings.ShouldHaveSingleItem().ShouldContain("infra/main.tf:1");
        found.Dependencies.Warnings.Count(x => x.Contains("does not count here", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Exceptions_and_vex_take_findings_out_until_their_day()
    {
        using var repository = await ScanRepository.CreateAsync();
        repository.Lock("src/A/packages.lock.json", ("Bad.Package", "1.0.0"), ("Newtonsoft.Json", "12.0.3"));
        repository.Write("vex/n.json", """{ "@context": "https://openvex.dev/ns/v0.2.0", "statements": [ { "vulnerability": { "name": "CVE-2024-21907" }, "products": [ "pkg:nuget/Newtonsoft.Json@12.0.3" ], "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path" } ] }""");
        var until = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(10);
        repository.Policy = new SecurityPolicy { Exceptions = [new Exemption("CVE-2030-0001", "why", "who", until)], Vex = ["vex/*.json"] };
        var accepted = (await repository.ScanAsync()).Dependencies;
        accepted.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, accepted.Verdict.Summary);
        accepted.Verdict.ValidUntil.ShouldBe(until);
        accepted.Findings.Select(x => x.State).ShouldBe([FindingState.Excepted, FindingState.NotAffected]);
        repository.Policy = repository.Policy with { Exceptions = [repository.Policy.Exceptions[0] with { Expires = until.AddDays(-20) }] };
        (await repository.ScanAsync()).Dependencies.Verdict.Summary.ShouldContain("ask who to mend it");
    }

    [Fact]
    public async Task Without_a_database_or_with_an_old_or_empty_one_it_has_failed()
    {
        using var repository = await ScanRepository.CreateAsync();
        repository.Cache.DeleteDirectory();
        // An address that answers nobody, on this machine.
        repository.Environment["TRIVY_DB_REPOSITORY"] = "127.0.0.1:9/trivy-db";
        var none = await repository.ScanAsync();
        none.Dependencies.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        none.Dependencies.Verdict.Summary.ShouldStartWith("Trivy has no vulnerability database and could not get it");
        none.Secrets.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, none.Secrets.Verdict.Summary);

        VulnerabilityDatabase.Write(repository.Cache, DateTimeOffset.UtcNow.AddDays(-30), ScanRepository.Advisories);
        (await repository.ScanAsync()).Dependencies.Verdict.Summary.ShouldContain("30 days old");

        VulnerabilityDatabase.Write(repository.Cache, DateTimeOffset.UtcNow);
        (await repository.ScanAsync()).Dependencies.Verdict.Summary.ShouldContain("empty or damaged");

        File.WriteAllBytes(repository.Cache / "db" / "trivy.db", new byte[10_000]);
        (await repository.ScanAsync()).Dependencies.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
    }

    [Fact]
    public async Task Packages_that_it_did_not_see_have_failed()
    {
        using var repository = await ScanRepository.CreateAsync();
        (await repository.ScanAsync(projects: 2)).Dependencies.Verdict.Summary.ShouldContain("the package files of 1 of 2 projects only");
        // Ignored by git: it is not what others will get.
        repository.Write(".gitignore", "packages.lock.json\n");
        (await repository.ScanAsync()).Dependencies.Verdict.Summary.ShouldContain("saw no NuGet package, but restore resolved 1");
    }

    [Fact]
    public async Task Files_that_it_cannot_read_have_failed()
    {
        using var repository = await ScanRepository.CreateAsync();
        repository.Write("k8s/broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n bad: [\n");
        var configuration = (await repository.ScanAsync()).Configuration;
        configuration.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        configuration.Verdict.Summary.ShouldContain("did not look at k8s/broken.yaml");
    }

    [Fact]
    public async Task Images_and_published_output_are_scanned_whatever_form_they_have()
    {
        using var repository = await ScanRepository.CreateAsync();
        var bad = new OciImage(("app/App.deps.json", ScanRepository.DependencyList("Bad.Package", "1.0.0")));
        var good = new OciImage(("app/App.deps.json", ScanRepository.DependencyList("Good.Package", "1.0.0")));
        bad.WriteLayout(repository.Scratch / "bad");
        good.WriteLayout(repository.Scratch / "good");
        TarFile.CreateFromDirectory(repository.Scratch / "bad", repository.Scratch / "bad.tar", includeBaseDirectory: false);
        AtomicFile.Write(repository.Scratch / "out" / "Web.deps.json", ScanRepository.DependencyList("Good.Package", "1.0.0"));
        AtomicFile.Write(repository.Scratch / "badout" / "Web.deps.json", ScanRepository.DependencyList("Bad.Package", "1.0.0"));

        var passed = await BuiltAsync("good", "out");
        passed.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, passed.Verdict.Summary);
        passed.Verdict.Summary.ShouldStartWith("2 packages in 1 image and 1 published output");
        foreach (var name in new[] { "bad", "bad.tar", "badout" })
        {
            var failed = await BuiltAsync("out", name);
            failed.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed, name);
            failed.Findings.ShouldHaveSingleItem().Id.ShouldBe("CVE-2030-0001", name);
        }

        Task<PartResult> BuiltAsync(params string[] names) => BuiltScan.RunAsync(repository.Settings, [.. names.Select(x => new BuiltItem(x, repository.Scratch / x))]);
    }

    [Fact]
    public async Task Built_things_with_nothing_in_them_have_failed()
    {
        using var repository = await ScanRepository.CreateAsync();
        new OciImage(("etc/hello", "hello")).WriteLayout(repository.Scratch / "empty");
        (repository.Scratch / "nothing").CreateDirectory();
        File.WriteAllText(repository.Scratch / "broken.tar", "no archive");
        (await BuiltAsync("empty")).ShouldContain("saw no package in the image empty");
        (await BuiltAsync("nothing")).ShouldContain("no file in the published output of nothing");
        (await BuiltAsync("broken.tar")).ShouldContain("The image broken.tar was not scanned");
        (await BuiltAsync("missing")).ShouldContain("is not there");
        (await BuiltAsync()).ShouldContain("nothing to scan");
        VulnerabilityDatabase.Write(repository.Cache, DateTimeOffset.UtcNow);
        (await BuiltAsync("empty")).ShouldContain("empty or damaged");

        async Task<string> BuiltAsync(params string[] names)
        {
            var verdict = (await BuiltScan.RunAsync(repository.Settings, [.. names.Select(x => new BuiltItem(x, repository.Scratch / x))])).Verdict;
            verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
            return verdict.Summary;
        }
    }

    [Fact]
    public async Task An_image_in_a_registry_is_scanned_by_its_digest()
    {
        using var repository = await ScanRepository.CreateAsync();
        await using var registry = await LocalRegistry.StartAsync(repository.Scratch / "registry");
        var image = new OciImage(("app/App.deps.json", ScanRepository.DependencyList("Bad.Package", "1.0.0")));
        await image.PushAsync(registry.Http, "shop/web", "1");
        foreach (var reference in new[] { $"{registry.Host}/shop/web:1", $"{registry.Host}/shop/web@{image.ManifestDigest}" })
        {
            var result = await BuiltScan.RunImagesAsync(repository.Settings, [reference]);
            result.Verdict.Kind.ShouldBe(ScanKinds.Images);
            result.Findings.ShouldHaveSingleItem(result.Verdict.Summary).File.ShouldBe($"{reference}:app/App.deps.json");
        }

        var missing = (await BuiltScan.RunImagesAsync(repository.Settings, [$"{registry.Host}/shop/web:2"])).Verdict;
        missing.Outcome.ShouldBe(VerdictOutcome.Failed);
        missing.Summary.ShouldContain("shop/web:2 was not scanned");
    }

    [Fact]
    public async Task A_program_that_is_not_the_pinned_one_is_not_started()
    {
        using var repository = await ScanRepository.CreateAsync();
        repository.Environment["XDG_CACHE_HOME"] = repository.Scratch / "cache";
        var pinned = (ToolSource.Npm)repository.Settings.Tools.Tools["trivy"].Platforms[ToolProvider.Platform][0];
        var kept = repository.Scratch / "cache/fairlead/tools" / pinned.Sha256 / "trivy";
        AtomicFile.Write(kept, $"#!/bin/sh\ntouch {repository.Scratch / "started"}\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var settings = repository.Settings with { Tools = new ToolsLock(repository.Settings.Tools.Tools.SetItem("trivy", repository.Settings.Tools.Tools["trivy"] with { IgnorePath = true })) };
        var verdict = (await SourceScan.RunAsync(settings, [ScanPart.Secrets])).Judge(ScanPart.Secrets).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain($"expected {pinned.Sha256}, got ");
        (repository.Scratch / "started").FileExists().ShouldBeFalse();
    }

    [Fact]
    public async Task This_repository_is_scanned_as_a_whole()
    {
        using var repository = await ScanRepository.CreateAsync();
        var started = Stopwatch.GetTimestamp();
        var scan = await SourceScan.RunAsync(repository.Settings with { Root = Repository.Product, Policy = SecurityPolicyReader.Load(Repository.Product) }, [ScanPart.Dependencies, ScanPart.Secrets, ScanPart.Configuration]);
        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        var projects = Repository.Product.GlobFiles("*/*/*.csproj").ToList();
        var restored = RestoredPackages.Read(projects);
        foreach (var result in new[] { scan.Judge(ScanPart.Dependencies, new RestoredPackages(restored.Packages, restored.Projects)), scan.Judge(ScanPart.Secrets), scan.Judge(ScanPart.Configuration) })
        {
            output.WriteLine($"{result.Verdict.Kind}: {result.Verdict.Outcome}: {result.Verdict.Summary}");
            foreach (var line in FindingTable.Lines(result.Findings).Concat(result.Warnings))
                output.WriteLine(line);
            result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, result.Verdict.Summary);
        }
    }
}
