using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class AuditKeeperTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-audit-").FullName);
    readonly World _world = new();
    readonly InMemoryAuditStore _bytes = new();
    readonly List<string> _warnings = [];
    readonly AuditLog _log;
    AuditRules _rules = AuditRules.None;
    bool _hasKey = true;

    public AuditKeeperTests()
    {
        _log = new AuditLog(_bytes, "shop", _world.Time) { TrustedKeys = () => [AuditWorld.PublicKey], Memory = new AuditMemory(_root / "last-checkpoint") };
        _world.Store = new ObservedDeploymentStore(_world.Memory, [new AuditKeeper(_world.Memory, _log, Options()), new MetricsKeeper(_world.Memory, Metrics())]);
    }

    public void Dispose() => _root.DeleteDirectory();

    [Fact]
    public async Task Deployments_and_rollbacks_are_in_the_log_and_in_the_metrics_without_anybody_thinking_of_it()
    {
        await _world.Deploy("1.0.0");
        await _world.Deploy("1.1.0");
        await _world.Rollback();
        (await Verify()).ShouldBeEmpty();
        (await _log.ReadAsync(default)).Leaves.Select(x => x.Stored!.Record!.What).ShouldBe(
        [
            "The deployment of 1.0.0 began.", "The deployment of 1.0.0 succeeded.", "The deployment of 1.1.0 began.", "The deployment of 1.1.0 succeeded.",
            "The rollback to 1.0.0 began.", "The rollback to 1.0.0 succeeded.",
        ]);
        (_root / "metrics.prom").ReadAllText().ShouldContain("fairlead_rollbacks_total{environment=\"staging\",reason=\"operator\"} 1\n");
        (_root / "staging.prom").ReadAllText().ShouldNotContain("production");
        _warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_a_warning_and_is_caught_up()
    {
        _bytes.OnChange = () => throw new IOException("No space left on device");
        await _world.Deploy("1.0.0");
        _warnings.ShouldContain(x => x.Contains("not in the audit log yet", StringComparison.Ordinal) && x.Contains("No space left", StringComparison.Ordinal));
        _bytes.OnChange = null;
        await _world.Deploy("1.1.0");
        (await _log.ReadAsync(default)).Leaves.Length.ShouldBe(4);
        (await Verify()).ShouldBeEmpty();
    }

    [Fact]
    public async Task With_tamper_proof_records_nothing_new_is_deployed_over_a_log_that_is_damaged_or_cannot_be_written_and_going_back_is_possible()
    {
        await _world.Deploy("1.0.0");
        await _world.Deploy("1.1.0");
        _rules = AuditRules.None with { IsTamperProof = true };
        var good = _bytes.Bytes;
        var at = System.Text.Encoding.UTF8.GetString(good).IndexOf("The deployment", StringComparison.Ordinal);
        _bytes.Bytes = [.. good[..at], (byte)(good[at] ^ 1), .. good[(at + 1)..]];
        var error = await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.2.0"));
        error.Message.ShouldStartWith("Nothing is deployed to staging, whose audit is 'tamper_proof': The audit log does not verify:");
        error.Remedy.ShouldNotBeNull().ShouldContain(":rollback staging");
        (await _world.Memory.FindHolderAsync("staging", default)).ShouldBeNull();
        (await _world.Rollback()).Version.ShouldBe("1.0.0");
        _warnings.ShouldNotBeEmpty();
        _bytes.Bytes = good;
        _bytes.OnChange = () => throw new IOException("No space left on device");
        (await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.2.0"))).Message.ShouldContain("No space left on device");
        _bytes.OnChange = null;
        await _world.Deploy("1.2.0");
        (await Verify()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_the_key_for_encryption_nothing_is_written_in_the_clear()
    {
        _rules = AuditRules.None with { Encrypted = ["deployment_logs"], Key = AuditRules.DefaultKey };
        await _world.Deploy("1.0.0");
        _bytes.Bytes.ShouldBeEmpty();
        _warnings.ShouldContain(x => x.Contains("FAIRLEAD_AUDIT_KEY", StringComparison.Ordinal));
        _world.Secrets["FAIRLEAD_AUDIT_KEY"] = AuditWorld.Secret;
        await _world.Deploy("1.1.0");
        var log = await _log.ReadAsync(default);
        log.Leaves.Length.ShouldBe(4);
        log.Leaves.ShouldAllBe(x => x.Stored!.Record == null && x.Stored.Sealed != null);
        (await Verify()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_key_to_sign_with_it_is_said_loudly()
    {
        _hasKey = false;
        await _world.Deploy("1.0.0");
        _warnings.ShouldContain(x => x.Contains("NOT SIGNED", StringComparison.Ordinal) && x.Contains(":keys", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_approver_wrote_without_a_key_is_signed_by_the_deployment_that_follows_also_with_tamper_proof_records()
    {
        await _world.Deploy("1.0.0");
        _rules = AuditRules.None with { IsTamperProof = true };
        _hasKey = false;
        await Approve();
        (await _log.ReadAsync(default)).LastCheckpoint!.Signatures.ShouldBeEmpty();
        (await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"))).Message.ShouldContain("is not signed by a key that is trusted here");
        _hasKey = true;
        await _world.Deploy("1.1.0");
        (await Verify()).ShouldHaveSingleItem().ToString().ShouldStartWith("Record 3 was written without a key by eve@desk");

        // What the journals do not bear out is not signed.
        _hasKey = false;
        await Approve();
        var good = _bytes.Bytes;
        var forged = AuditText.Line(new AuditRecord { Id = "staging/99", Kind = AuditKinds.Approval, At = _world.Time.GetUtcNow(), What = "Something was signed." }, null);
        byte[][] hashes = [.. (await _log.ReadAsync(default)).Hashes, Convert.FromHexString(System.Text.Encoding.ASCII.GetString(forged[..64]))];
        _bytes.Bytes = [.. good, .. forged, .. AuditText.Line(new Checkpoint("fairlead/shop", hashes.Length, Convert.ToBase64String(MerkleTree.Root(hashes))).Sign(null))];
        _hasKey = true;
        (await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.2.0"))).Message.ShouldContain("(staging/99) is of nothing that the journal of staging has");
        // The command that was refused has let go of its lock since; what it did not do it does not vouch for.
        _bytes.Bytes = good;
        await _world.Deploy("1.2.0");
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("a\0b")]
    [InlineData("Staging")]
    public async Task Names_that_no_environment_can_have_lead_nowhere_and_are_found(string name)
    {
        await _world.Deploy("1.0.0");
        _rules = AuditRules.None with { IsTamperProof = true };
        _bytes.Bytes = [.. _bytes.Bytes, .. AuditText.Line(new AuditRecord { Id = $"{name}/1", Kind = AuditKinds.Approval, At = _world.Time.GetUtcNow(), What = "Something was signed." }, null)];
        (await _log.ReadAsync(default)).Environments.ShouldBe(["staging"]);
        (await Verify()).ShouldContain(x => x.IsWrong && x.Message == "Record 3 is of an environment with a name that none can have: it was slipped in.");
        (await Should.ThrowAsync<UserErrorException>(_world.Deploy("1.1.0"))).Message.ShouldContain("with a name that none can have");
    }

    [Fact]
    public async Task Files_are_private_appended_to_and_never_mixed_up_by_two_commands()
    {
        var store = new FileAuditStore(_root / "audit", TimeProvider.System);
        var journals = new AuditWorld();
        journals.Deploy("1.0.0");
        journals.Deploy("1.0.0", "production");
        var logs = ((string[])["staging", "production", "staging", "production"]).Select(x => (Environment: x, Log: new AuditLog(store, "shop", TimeProvider.System)));
        using var key = AuditWorld.Key();
        await Task.WhenAll(logs.Select(x => Task.Run(() => x.Log.AppendAsync(x.Environment, journals.Journal(x.Environment), AuditRules.None, null, key, default))));
        var content = await store.ReadAsync(default);
        var log = AuditSnapshot.Read(content.Bytes.Span);
        log.Leaves.Length.ShouldBe(12);
        journals.Verify(content.Bytes.ToArray()).ShouldBeEmpty();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_root / "audit" / "log").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await store.AppendAsync(new AuditContent("else"u8.ToArray()), 4, "x\n"u8.ToArray(), default)).ShouldBeFalse();
        await File.AppendAllTextAsync(_root / "audit" / "log", "torn");
        journals.Deploy("1.1.0");
        await new AuditLog(store, "shop", TimeProvider.System).AppendAsync("staging", journals.Journal(), AuditRules.None, null, key, default);
        journals.Verify((await store.ReadAsync(default)).Bytes.ToArray()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_machines_share_one_log_through_a_git_repository()
    {
        using var git = await new GitWorld().StartAsync();
        var journals = new AuditWorld();
        journals.Deploy("1.0.0");
        journals.Deploy("1.0.0", "production");
        using var key = AuditWorld.Key();
        using var one = Store("one");
        using var two = Store("two");
        await new AuditLog(one, "shop", TimeProvider.System).AppendAsync("staging", journals.Journal(), AuditRules.None, null, key, default);
        await Task.WhenAll(
            new AuditLog(one, "shop", TimeProvider.System).AppendAsync("production", journals.Journal("production"), AuditRules.None, null, key, default),
            new AuditLog(two, "shop", TimeProvider.System).AppendAsync("production", journals.Journal("production"), AuditRules.None, null, key, default));
        var content = await two.ReadAsync(default);
        AuditSnapshot.Read(content.Bytes.Span).Leaves.Length.ShouldBe(12);
        journals.Verify(content.Bytes.ToArray()).ShouldBeEmpty();
        (await git.GitAsync("-C", git.Remote, "for-each-ref", "--format=%(refname)")).ShouldBe("refs/fairlead/audit/journal");

        GitAuditStore Store(string machine) => new(git.StateOf(machine), "shop", new GitStoreOptions { Remote = git.Remote, Patience = TimeSpan.FromSeconds(5) }, git.Processes, TimeProvider.System);
    }

    async Task Approve()
    {
        var request = new LockRequest { User = "eve", Host = "desk", ProcessId = 1, Command = ":approve staging", Wait = TimeSpan.Zero };
        await using var held = await _world.Store.LockAsync("staging", request, default);
        await held.AppendAsync(new JournalEvent.ApprovalGiven(new SignedApproval("{}", "abc"), "eve@desk"), default);
    }

    async Task<IEnumerable<AuditFinding>> Verify() => AuditVerifier.Verify(await _log.ReadAsync(default), new AuditEvidence
    {
        Application = "shop",
        Keys = [AuditWorld.PublicKey],
        Journals = [new AuditJournal("staging", await _world.Memory.ReadJournalAsync("staging", default))],
    });

    AuditKeeperOptions Options() => new()
    {
        Application = "shop",
        Secrets = new LocalSecretSource(_world.Secrets.GetValueOrDefault, new Redactor()),
        Rules = _ => _rules,
        Key = () => _hasKey ? AuditWorld.Key() : null,
        TrustedKeys = () => [AuditWorld.PublicKey],
        Warn = _warnings.Add,
    };

    MetricsKeeperOptions Metrics() => new()
    {
        File = _root / "metrics.prom",
        FileOf = x => _root / $"{x}.prom",
        Environments = _world.File.Environments,
        Time = _world.Time,
        CommitTimes = (_, _) => null,
        Warn = _warnings.Add,
    };
}
