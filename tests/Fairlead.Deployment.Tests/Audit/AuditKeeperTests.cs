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
        _log = new AuditLog(_bytes, "shop", _world.Time);
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
        _bytes.Bytes = [.. good[..200], (byte)(good[200] ^ 1), .. good[201..]];
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
