using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class AuditSigningTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-audit-").FullName);
    readonly AuditWorld _world;

    public AuditSigningTests() => _world = new AuditWorld(Memory);

    AbsolutePath Memory => _root / "audit" / AuditMemory.FileName;

    public void Dispose() => _root.DeleteDirectory();

    [Fact]
    public async Task With_a_key_an_unsigned_last_checkpoint_is_followed_by_a_signed_one_although_there_is_nothing_to_add()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        _world.HasKey = false;
        _world.Happen("staging", new JournalEvent.ApprovalGiven(new SignedApproval("{}", "abc"), "eve@desk"));
        await _world.Write();
        _world.Wrong().ShouldHaveSingleItem().ShouldContain("is not signed");
        _world.HasKey = true;
        (await _world.Write()).ShouldBe(0);
        _world.Verify().ShouldHaveSingleItem().Message.ShouldStartWith("Record 7 was written without a key by eve@desk");
        var length = _world.Store.Bytes.Length;
        (await _world.Write()).ShouldBe(0);
        _world.Store.Bytes.Length.ShouldBe(length);
    }

    [Fact]
    public async Task A_log_and_journal_that_were_written_anew_without_the_key_are_not_signed_over()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        _world.Forget("staging");
        _world.Deploy("2.0.0");
        var forger = new AuditWorld { HasKey = false };
        await forger.Log.AppendAsync("staging", _world.Journal(), AuditRules.None, null, null, default);
        _world.Store.Bytes = forger.Store.Bytes;
        _world.Deploy("2.1.0");
        (await Should.ThrowAsync<AuditBrokenException>(_world.Write())).Message.ShouldContain("The log is not the one of the signed checkpoint over 6 records that this machine remembers");
        await Should.ThrowAsync<AuditBrokenException>(_world.Checkpoint());
        _world.HasKey = false;
        await Should.ThrowAsync<AuditBrokenException>(_world.Write());
        _world.Store.Bytes.ShouldBe(forger.Store.Bytes);
        // Where it is forgotten on purpose, the log is another one.
        File.Delete(Memory);
        _world.HasKey = true;
        (await _world.Write()).ShouldBe(6);
    }

    [Fact]
    public async Task A_log_without_any_of_its_signatures_is_not_signed_over()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        var bare = new AuditWorld { HasKey = false };
        await bare.Log.AppendAsync("staging", _world.Journal(), AuditRules.None, null, null, default);
        _world.Store.Bytes = bare.Store.Bytes;
        (await Should.ThrowAsync<AuditBrokenException>(_world.Write())).Message.ShouldContain("has none any more");
    }

    [Fact]
    public async Task A_log_that_was_cut_back_to_an_older_signed_checkpoint_is_not_gone_on_with()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        var older = _world.Store.Bytes;
        _world.Deploy("1.1.0");
        await _world.Write();
        _world.Store.Bytes = older;
        (await Should.ThrowAsync<AuditBrokenException>(_world.Write())).Message.ShouldContain("knows of 6 records more than there are");
    }

    [Fact]
    public async Task Signatures_of_strangers_are_not_signed_over()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        File.Delete(Memory);
        using var stranger = SupplyChain.SigningKey.Create("shop");
        _world.Deploy("1.1.0");
        await new AuditLog(_world.Store, "shop", _world.Time).AppendAsync("staging", _world.Journal(), AuditRules.None, null, stranger, default);
        var error = await Should.ThrowAsync<AuditBrokenException>(_world.Checkpoint());
        error.Message.ShouldContain("is not of a key that is trusted here");
        error.Remedy.ShouldNotBeNull().ShouldContain(".nuke/keys");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("fairlead/shop\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n")]
    public async Task What_is_remembered_cannot_be_replaced_without_being_noticed(string text)
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        (await File.ReadAllTextAsync(Memory)).ShouldBe(_world.Snapshot.LastCheckpoint!.ToString());
        await File.WriteAllTextAsync(Memory, text);
        _world.Deploy("1.1.0");
        await Should.ThrowAsync<AuditBrokenException>(_world.Write());
        AuditVerifier.Verify(_world.Snapshot, new AuditEvidence { Application = "shop", Keys = [AuditWorld.PublicKey], Remembered = new AuditMemory(Memory).Read() })
            .ShouldHaveSingleItem().IsWrong.ShouldBeTrue();
    }

    [Fact]
    public void Sentences_can_be_put_otherwise_and_nothing_else()
    {
        _world.Deploy("1.0.0");
        var records = AuditProjection.Of("staging", _world.Journal());
        _world.Verify(Written([.. records.Select(x => x with { What = $"Formerly: {x.What}" })])).ShouldBeEmpty();
        AuditRecord last = records[^1];
        foreach (var changed in (AuditRecord[])[
            last with { Kind = AuditKinds.Rollback }, last with { At = last.At.AddSeconds(1) }, last with { By = "eve@desk" }, last with { Release = last.Release! with { Commit = "other" } },
            last with { Details = last.Details.SetItem("result", "undone") }, last with { Details = last.Details.Add("more", "") }])
        {
            _world.Wrong(Written([.. records[..^1], changed])).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void What_only_waited_for_consent_was_withdrawn_and_is_no_rollback()
    {
        var target = new DeploymentTarget(World.Release("1.0.0"), []);
        var request = new ApprovalRequest { Application = "shop", Environment = "staging", Release = target.Release.Digest, Version = "1.0.0", Commit = "c", Round = 0 };
        _world.Happen(
            "staging",
            new JournalEvent.OperationStarted(OperationKind.Deploy, target, ["approvals", "prepare"], "ada@desk"), new JournalEvent.StepIntended("approvals"), new JournalEvent.Awaiting(request, "1 is missing"),
            new JournalEvent.OperatorActed(OperatorAction.Abort, "eve@desk"), new JournalEvent.OperationFinished(OperationResult.Undone));
        var withdrawn = AuditProjection.Of("staging", _world.Journal())[^1];
        withdrawn.Kind.ShouldBe(AuditKinds.Deployment);
        withdrawn.What.ShouldBe("The deployment of 1.0.0 was withdrawn before it had consent; it had changed nothing.");
        withdrawn.Details["result"].ShouldBe("withdrawn");

        _world.Happen(
            "staging",
            new JournalEvent.OperationStarted(OperationKind.Deploy, target, ["approvals", "prepare"], "ada@desk"), new JournalEvent.StepIntended("approvals"), new JournalEvent.Awaiting(request, "1 is missing"),
            new JournalEvent.StepDone("approvals"), new JournalEvent.StepIntended("prepare"), new JournalEvent.UndoStarted("It was cancelled."), new JournalEvent.OperationFinished(OperationResult.Undone));
        var undone = AuditProjection.Of("staging", _world.Journal())[^1];
        undone.Kind.ShouldBe(AuditKinds.Rollback);
        undone.Details["result"].ShouldBe("undone");
    }

    [Fact]
    public void Bringing_up_again_what_is_live_is_no_rollback_and_giving_up_a_backup_is_none_either()
    {
        Run(OperationKind.Deploy, "1.0.0");
        Run(OperationKind.Deploy, "1.1.0");
        Run(OperationKind.Rollback, "1.1.0").ShouldBe([(AuditKinds.Deployment, "Bringing up 1.1.0 again began."), (AuditKinds.Deployment, "Bringing up 1.1.0 again succeeded.")]);
        Run(OperationKind.Rollback, "1.0.0").ShouldBe([(AuditKinds.Rollback, "The rollback to 1.0.0 began."), (AuditKinds.Rollback, "The rollback to 1.0.0 succeeded.")]);
        Run(OperationKind.BackUp, "1.0.0", OperationResult.Undone)[1].ShouldBe((AuditKinds.Backup, "Copying the database was given up."));
        Run(OperationKind.Rollback, "1.0.0")[1].Kind.ShouldBe(AuditKinds.Deployment);
        Run(OperationKind.Down, null);
        Run(OperationKind.Rollback, "1.0.0")[1].Kind.ShouldBe(AuditKinds.Rollback);
    }

    ImmutableArray<(string Kind, string What)> Run(OperationKind kind, string? version, OperationResult result = OperationResult.Succeeded)
    {
        _world.Happen("staging", new JournalEvent.OperationStarted(kind, version is null ? null : new DeploymentTarget(World.Release(version), []), [], "ada@desk"), new JournalEvent.OperationFinished(result));
        return [.. AuditProjection.Of("staging", _world.Journal()).TakeLast(2).Select(x => (x.Kind, x.What))];
    }

    static byte[] Written(ImmutableArray<AuditRecord> records)
    {
        using var key = AuditWorld.Key();
        byte[][] hashes = [.. records.Select(x => MerkleTree.LeafHash(AuditText.Stored(x, null)))];
        return [.. AuditText.Line(At([])), .. records.SelectMany(x => AuditText.Line(x, null)), .. AuditText.Line(At(hashes))];

        SignedCheckpoint At(byte[][] leaves) => new Checkpoint("fairlead/shop", leaves.Length, Convert.ToBase64String(MerkleTree.Root(leaves))).Sign(key);
    }
}
