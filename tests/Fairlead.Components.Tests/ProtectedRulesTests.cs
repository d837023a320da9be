using Fairlead.Deployment;
using Fairlead.Engine;

namespace Fairlead.Components.Tests;

public sealed class ProtectedRulesTests : IDisposable
{
    const string Rules = """
        application: web
        environments:
          staging:
            url: http://127.0.0.1:5001
            acceptance: { approvers: [tess@example.org] }
          live:
            url: http://127.0.0.1:5003
            protected: true
            verdicts: { scan: when-available, tests: when-available, sbom: when-available, signatures: when-available }
          production:
            url: http://127.0.0.1:5002
            requires_verified_on: staging
            verdicts: { scan: when-available, sbom: when-available, signatures: when-available }
        """;

    const string Meek = """{ "Target": "sources/package-lock.json", "Class": "lang-pkgs", "Type": "npm", "Packages": [ { "Name": "a", "Version": "1" } ], "Vulnerabilities": [ { "VulnerabilityID": "CVE-1", "PkgName": "a", "InstalledVersion": "1", "Severity": "MEDIUM", "Title": "meek" } ] }""";

    readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_a_release_takes_away_is_asked_for_by_the_protected_ref()
    {
        _world.HaveTrivy(_ => [Meek]);
        _world.Write(".nuke/security.yml", "environments:\n  production: { fail_on: medium }\n");
        Protect();
        (_world.Root / ".nuke" / "security.yml").DeleteFile();
        _world.Write(".nuke/environments.yml", Rules.Replace("    acceptance: { approvers: [tess@example.org] }\n", "", StringComparison.Ordinal));
        _world.Commit("feat: nobody looks");
        await _world.RunAsync("DeployStaging");
        await _world.RunAsync<PlainBuild>("DeployProduction --plan");
        _world.Text.ShouldContain("has not been accepted on staging");
        _world.Text.ShouldContain("It would be refused: By .nuke/security.yml on origin/main");
        await _world.RunAsync<PlainBuild>("DeployProduction --plan --bypass scan:INC-1");
        _world.Text.ShouldNotContain("It would be refused: By .nuke/security.yml");
        _world.Text.ShouldContain("It would bypass 'scan': By .nuke/security.yml on origin/main");
        await _world.RunAsync<PlainBuild>("DeployProduction --bypass scn:INC-1", ExitCodes.Usage);
        _world.Text.ShouldContain("Did you mean 'scan'?");

        // A build whose deployer knows no further rules is refused all the same.
        (await _world.RunAsync("DeployProduction", ExitCodes.Refused)).Find("DeployProduction")!.Detail!.ShouldContain("By .nuke/security.yml on origin/main");
    }

    [Fact]
    public async Task Where_the_release_has_no_such_environment_nothing_was_verified_there()
    {
        Protect();
        _world.Write(".nuke/environments.yml", Rules.Remove(Rules.IndexOf("  staging:", StringComparison.Ordinal), Rules.IndexOf("  live:", StringComparison.Ordinal) - Rules.IndexOf("  staging:", StringComparison.Ordinal)).Replace("    requires_verified_on: staging\n", "", StringComparison.Ordinal));
        _world.Commit("feat: no staging");
        await _world.RunAsync("Package");
        await _world.RunAsync<PlainBuild>("DeployProduction --plan");
        _world.Text.ShouldContain("production takes what was verified on staging, and the release has no environment 'staging'.");
    }

    [Theory]
    [InlineData(".nuke/environments.yml")]
    [InlineData(".nuke/allowed_signers")]
    [InlineData(".nuke/revoked_signers")]
    public async Task What_says_whom_to_believe_must_be_what_is_committed(string file)
    {
        Protect();
        _world.Commit("feat: more");
        await _world.RunAsync("Package");
        _world.Write(file, ((_world.Root / file).FileExists() ? (_world.Root / file).ReadAllText() : "") + "\n# mine\n");
        await _world.RunAsync<PlainBuild>("DeployProduction --plan --release artifacts/release");
        _world.Text.ShouldContain($"'{file}' says whom and what production believes, and is not what is committed.");
    }

    [Fact]
    public async Task Operations_that_go_forward_need_the_rules_and_those_that_go_back_do_not()
    {
        _world.Write(".nuke/environments.yml", Rules.Replace("    acceptance: { approvers: [tess@example.org] }\n", "", StringComparison.Ordinal).Replace("    requires_verified_on: staging", "    requires_verified_on: none", StringComparison.Ordinal));
        Protect(writes: false);
        _world.Commit("feat: more");
        await _world.RunAsync("Package");
        await _world.RunAsync("DeployProduction");
        var started = (await _world.Store.ReadJournalAsync("production", default)).Select(x => x.Event).OfType<JournalEvent.OperationStarted>().Last();
        await using (var held = await _world.Store.LockAsync("production", new LockRequest { User = "x", Host = "x", ProcessId = 1, Command = "x", Wait = TimeSpan.Zero }, default))
            await held.AppendAsync(started, default);

        _world.Environment[ProtectedPolicy.Variable] = "gone";
        foreach (var verb in (string[])[":drift production --reconcile", ":resume production", ":promote production"])
        {
            await _world.RunAsync(verb, ExitCodes.Failed);
            _world.Text.ShouldContain("The protected ref 'gone'", customMessage: verb);
        }

        await _world.RunAsync(":abort production");
        await _world.RunAsync(":rollback production", ExitCodes.Failed);
        _world.Text.ShouldNotContain("The protected ref");
    }

    [Fact]
    public async Task A_release_cannot_make_an_environment_one_that_is_taken_down()
    {
        Protect();
        _world.Write(".nuke/environments.yml", Rules.Replace("protected: true", "protected: false", StringComparison.Ordinal));
        _world.Commit("feat: more");
        await _world.RunAsync("DeployStaging");
        // The journal says that it is live there, too.
        foreach (var entry in await _world.Store.ReadJournalAsync("staging", default))
        {
            await using var held = await _world.Store.LockAsync("live", new LockRequest { User = "x", Host = "x", ProcessId = 1, Command = "x", Wait = TimeSpan.Zero }, default);
            await held.AppendAsync(entry.Event, default);
        }

        await _world.RunAsync(":down live", ExitCodes.Refused);
        _world.Text.ShouldContain("live is protected, so it is not taken down.");
    }

    /// <summary>The rules are merged into the main branch of the remote, and releases come after that.</summary>
    void Protect(bool writes = true)
    {
        if (writes)
            _world.Write(".nuke/environments.yml", Rules);
        _world.Write(".nuke/allowed_signers", "tess@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3Q0l2Z1l5h0m3mD5N4x8j1kTn2j7b6c5d4e3f2a1b0\n");
        _world.Commit("ci: rules");
        _world.Git("init", "--quiet", "--bare", "--initial-branch", "main", ".nuke/temp/origin.git");
        _world.Git("remote", "add", "origin", _world.Root / ".nuke" / "temp" / "origin.git");
        _world.Git("push", "--quiet", "origin", "main");
    }
}
