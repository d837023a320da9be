using System.Collections.Immutable;
using System.Text;
using Fairlead.SupplyChain;
using Fairlead.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Deployment.Tests;

public sealed class AuditLogTests
{
    readonly AuditWorld _world = new();

    [Fact]
    public async Task What_belongs_into_the_log_is_there_once_and_verifies()
    {
        _world.Deploy("1.0.0");
        (await _world.Write()).ShouldBe(6);
        (await _world.Write()).ShouldBe(0);
        _world.Deploy("1.1.0", result: OperationResult.Undone);
        (await _world.Write()).ShouldBe(7);
        _world.Snapshot.Leaves.Select(x => x.Stored!.Id).ShouldBe(
        [
            "staging/1", "staging/1.1", "staging/4", "staging/5", "staging/6", "staging/7", "staging/8", "staging/8.1", "staging/11", "staging/12", "staging/13", "staging/14", "staging/15",
        ]);
        _world.Snapshot.Leaves.Select(x => x.Stored!.Kind).Take(6).ShouldBe(["deployment", "scan", "approval", "bypass", "check", "deployment"]);
        var bypass = _world.Snapshot.Leaves[3].Stored!.Record.ShouldNotBeNull();
        bypass.What.ShouldBe("The deployment of 1.0.0 goes on in spite of a rule.");
        bypass.Details["reason"].ShouldBe("The shop is down – “now”.");
        bypass.Details["rule window"].ShouldBe("It is Friday.");
        bypass.By.ShouldBe("ada@desk");
        bypass.Release!.Digest.ShouldBe(World.Release("1.0.0").Digest);
        _world.Snapshot.Leaves[^1].Stored!.Record!.What.ShouldBe("The deployment of 1.1.0 was taken back.");
        _world.Verify().ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_environments_share_one_log()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        _world.Deploy("1.0.0", "production");
        await _world.Write("production");
        _world.Deploy("1.1.0");
        await _world.Write();
        _world.Verify().ShouldBeEmpty();
        _world.Snapshot.Checkpoints.Select(x => x.After).ShouldBe([0, 6, 12, 18]);
    }

    [Fact]
    public async Task Any_changed_byte_is_found()
    {
        // One record of each form that a log has, open, sealed and dropped, and signed checkpoints: each byte more is verified twice more.
        _world.Rules = Retaining("approval_records") with { Encrypted = ["security_scans"] };
        using var cipher = AuditCipher.Of(AuditWorld.Secret, "shop");
        _world.Cipher = cipher;
        _world.Happen(
            "staging",
            new JournalEvent.ApprovalGiven(new SignedApproval("{\"purpose\":\"approve\"}", "abc+/"), "eve@desk"),
            new JournalEvent.OperationStarted(OperationKind.Deploy, new DeploymentTarget(World.Release("1.0.0", new Verdict(VerdictKinds.Scan, VerdictOutcome.Passed, "None – “fine”.")), []), [], "ada@desk"));
        await _world.Write();
        _world.Time.Advance(TimeSpan.FromDays(31));
        (await _world.Prune()).ShouldBe(1);
        _world.Verify().ShouldBeEmpty();
        var whole = _world.Store.Bytes;
        for (var at = 0; at < whole.Length; at++)
        {
            // The second one turns small letters into capitals, which base64, hexadecimal digits and JSON must not shrug off.
            foreach (var flip in (byte[])[1, 0x20])
            {
                var changed = whole.ToArray();
                changed[at] ^= flip;
                // Without its last line feed a line looks as if somebody had been killed while writing it, which is said too.
                // Signatures are only looked at where the hashes do not tell: they take ten times as long as everything else.
                var found = AuditVerifier.Verify(AuditSnapshot.Read(changed), new AuditEvidence { Application = "shop" });
                if (!found.Any(x => x.IsWrong))
                    found = _world.Verify(changed, withJournals: false);
                (at == whole.Length - 1 ? found.Where(x => x.Message.StartsWith("The last line of the log is not whole", StringComparison.Ordinal)) : found.Where(x => x.IsWrong)).ShouldNotBeEmpty($"byte {at} ^ {flip}: {Encoding.UTF8.GetString(whole, Math.Max(0, at - 20), Math.Min(40, whole.Length - Math.Max(0, at - 20)))}");
            }
        }
    }

    [Fact]
    public async Task Any_cut_swap_insertion_or_repetition_is_found()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        _world.Happen("staging", new JournalEvent.ApprovalGiven(new SignedApproval("{}", "abc"), "eve@desk"), new JournalEvent.ApprovalGiven(new SignedApproval("{}", "def"), "ada@desk"));
        await _world.Write();

        var kept = await _world.Checkpoint();
        var lines = _world.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (changed, how) in Changes(lines))
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(changed.Select(x => $"{x}\n")));
            // A checkpoint that says what the next one says too can be spared, moved among its likes or repeated: nothing is lost with it.
            if (OnlyCheckpointsDiffer(lines, changed))
                continue;
            _world.Wrong(bytes).ShouldNotBeEmpty(how);
            _world.Wrong(bytes, withJournals: false, kept).ShouldNotBeEmpty($"{how}, by the kept checkpoint alone");
        }

        static bool OnlyCheckpointsDiffer(string[] before, string[] after) => before.Where(x => x[0] != '=').SequenceEqual(after.Where(x => x[0] != '='));

        static IEnumerable<(string[] Lines, string How)> Changes(string[] lines)
        {
            for (var i = 0; i < lines.Length; i++)
            {
                yield return ([.. lines[..i], .. lines[(i + 1)..]], $"line {i} left out");
                yield return (lines[..i], $"cut before line {i}");
                yield return (lines[(i + 1)..], $"the first {i + 1} lines cut");
                yield return ([.. lines[..i], lines[i], .. lines[i..]], $"line {i} repeated");
                for (var j = i + 1; j < lines.Length; j++)
                {
                    var swapped = lines.ToArray();
                    (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                    yield return (swapped, $"lines {i} and {j} swapped");
                    yield return ([.. lines[..i], .. lines[j..]], $"lines {i} to {j} cut out of the middle");
                    yield return ([.. lines[..i], lines[j], .. lines[i..]], $"line {j} inserted at {i}");
                    if (lines[i][0] != '=' && lines[j][0] != '=')
                    {
                        var payloads = lines.ToArray();
                        (payloads[i], payloads[j]) = (lines[i][..65] + lines[j][65..], lines[j][..65] + lines[i][65..]);
                        yield return (payloads, $"what lines {i} and {j} say swapped");
                    }
                }
            }
        }
    }

    [Fact]
    public async Task A_record_that_was_slipped_in_with_a_right_hash_is_found()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        var forged = AuditText.Line(new AuditRecord { Id = "staging/9", Kind = AuditKinds.Approval, At = _world.Time.GetUtcNow(), What = "Something was signed." }, null);
        _world.Wrong([.. _world.Store.Bytes, .. forged]).ShouldHaveSingleItem().ShouldBe("Record 7 (staging/9) is of nothing that the journal of staging has: it was slipped in, or the journal was cut.");
        var elsewhere = AuditText.Line(new AuditRecord { Id = "else/1", Kind = AuditKinds.Approval, At = _world.Time.GetUtcNow(), What = "Something was signed." }, null);
        _world.Wrong([.. _world.Store.Bytes, .. elsewhere]).ShouldHaveSingleItem().ShouldStartWith("Record 7 (else/1) and maybe others are of an environment that has no journal here");
    }

    [Fact]
    public async Task A_log_that_was_written_anew_is_found_by_the_journal_the_signature_or_a_kept_checkpoint()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        var kept = await _world.Checkpoint();
        _world.Deploy("1.1.0");
        await _world.Write();

        var forger = new AuditWorld { HasKey = false };
        forger.Deploy("2.0.0");
        forger.Deploy("1.1.0");
        await forger.Write();
        _world.Wrong(forger.Store.Bytes, withJournals: false).ShouldHaveSingleItem().ShouldStartWith("The last checkpoint, over 12 records, is not signed by a key that is trusted here (shop)");
        _world.Wrong(forger.Store.Bytes).ShouldContain(x => x.StartsWith("Record 1 (staging/1) does not say what the journal says", StringComparison.Ordinal));

        // Whoever has the key too is found by what was kept elsewhere.
        forger.HasKey = true;
        await forger.Checkpoint();
        _world.Wrong(forger.Store.Bytes, withJournals: false).ShouldBeEmpty();
        _world.Wrong(forger.Store.Bytes, withJournals: false, kept).ShouldHaveSingleItem()
            .ShouldBe("The log is not the one of the kept checkpoint over 6 records: the two part at one of the records 1 to 6.");
        _world.Verify(null, true, kept).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_shorter_log_that_is_valid_is_found_by_the_journal_or_a_kept_checkpoint()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        var shorter = _world.Store.Bytes;
        _world.Deploy("1.1.0");
        await _world.Write();
        var kept = _world.Snapshot.LastCheckpoint!;
        _world.Wrong(shorter, withJournals: false).ShouldBeEmpty("nothing that is left tells of it: that is what kept checkpoints are for");
        _world.Wrong(shorter).ShouldHaveSingleItem().ShouldStartWith("6 records of the journal of staging are not in the log, the first is staging/8");
        _world.Wrong(shorter, withJournals: false, kept).ShouldHaveSingleItem().ShouldBe("The kept checkpoint over 12 records knows of 6 records more than there are: the log was cut after record 6, or replaced by a shorter one.");
    }

    [Fact]
    public async Task Nothing_is_added_to_a_log_that_does_not_verify()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        var changed = _world.Text.Replace("Friday", "Monday", StringComparison.Ordinal);
        _world.Store.Bytes = Encoding.UTF8.GetBytes(changed);
        _world.Deploy("1.1.0");
        var error = await Should.ThrowAsync<AuditBrokenException>(_world.Write());
        error.Message.ShouldBe("The audit log does not verify: What record 4 (staging/5) says is not what its hash says: one of the two was changed.");
        error.Remedy.ShouldNotBeNull().ShouldContain(":audit verify");
        _world.Text.ShouldBe(changed);
        await Should.ThrowAsync<AuditBrokenException>(_world.Checkpoint());
        await Should.ThrowAsync<AuditBrokenException>(_world.Prune());
    }

    [Fact]
    public async Task Torn_at_any_byte_the_log_says_so_and_is_completed_by_the_next_command()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        var before = _world.Store.Bytes.Length;
        _world.Deploy("1.1.0");
        await _world.Write();
        var whole = _world.Store.Bytes;
        for (var length = before; length < whole.Length; length += 23)
        {
            _world.Store.Bytes = whole[..length];
            var found = _world.Verify();
            found.Where(x => x.IsWrong).ShouldAllBe(x => x.Message.Contains("the journal of staging", StringComparison.Ordinal) && x.Message.Contains("not in the log", StringComparison.Ordinal), $"{length} bytes");
            await _world.Write();
            _world.Verify().ShouldBeEmpty($"{length} bytes");
            _world.Snapshot.Leaves.Length.ShouldBe(12);
        }
    }

    [Fact]
    public async Task Killed_at_any_step_the_log_verifies_after_the_next_command()
    {
        for (var at = 1; at <= 3; at++)
        {
            foreach (var afterwards in (bool[])[false, true])
            {
                var world = new AuditWorld { Rules = Retaining("deployment_logs") };
                world.Deploy("1.0.0");
                world.Time.Advance(TimeSpan.FromDays(40));
                world.Store.Kill = new KillSwitch(at, afterwards);
                try
                {
                    await world.Write();
                    await world.Prune();
                }
                catch (SimulatedKillException)
                {
                    world.Store.Kill.IsDead.ShouldBeTrue();
                }

                world.Store.Kill.Effects.Count.ShouldBe(at);
                world.Store.Kill = new KillSwitch();
                world.Wrong().ShouldAllBe(x => x.Contains("not in the log", StringComparison.Ordinal));
                await world.Write();
                await world.Prune();
                world.Verify().ShouldBeEmpty($"killed {(afterwards ? "after" : "before")} effect {at}");
                world.Snapshot.Leaves.Length.ShouldBe(7);
                world.Snapshot.Leaves.Count(x => x.Bytes is null).ShouldBe(4);
            }
        }
    }

    [Fact]
    public async Task Retention_drops_what_records_say_and_keeps_the_proof()
    {
        _world.Rules = Retaining("approval_records");
        _world.Deploy("1.0.0");
        await _world.Write();
        (await _world.Prune()).ShouldBe(0);
        _world.Time.Advance(TimeSpan.FromDays(31));
        (await _world.Prune()).ShouldBe(1);
        _world.Text.ShouldNotContain("BEGIN SSH SIGNATURE");
        _world.Verify().ShouldBeEmpty();
        (await _world.Prune()).ShouldBe(0);
        (await _world.Write()).ShouldBe(0);
        var leaf = _world.Snapshot.Find("staging/4").ShouldNotBeNull();
        leaf.Bytes.ShouldBeNull();
        AuditLog.Prove(_world.Snapshot, leaf).ShouldNotBeNull().Verify("shop", [AuditWorld.PublicKey]).ShouldBeNull();

        // What it said but for its sentence is still compared.
        var journal = _world.Journal();
        var approval = (JournalEvent.ApprovalGiven)journal[3].Event;
        ImmutableArray<JournalEntry> other = [.. journal.Select(x => x.Event == approval ? x with { Event = approval with { By = "mallory@desk" } } : x)];
        AuditVerifier.Verify(_world.Snapshot, new AuditEvidence { Application = "shop", Keys = [AuditWorld.PublicKey], Journals = [new AuditJournal("staging", other)] })
            .ShouldHaveSingleItem().Message.ShouldStartWith("Record 3 (staging/4) did not say what the journal says");

        // Dropping something else by hand is no retention.
        var line = _world.Text.Split('\n')[1];
        _world.Wrong(Encoding.UTF8.GetBytes(_world.Text.Replace(line, $"{line[..65]}-", StringComparison.Ordinal))).ShouldContain(x => x.StartsWith("What record 1 said is gone, and no rule of retention has dropped it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sealed_records_show_nothing_without_the_key_and_verify_all_the_same()
    {
        _world.Rules = AuditRules.None with { Encrypted = ["approval_records", "deployment_logs"] };
        _world.Cipher = AuditCipher.Of(AuditWorld.Secret, "shop");
        _world.Deploy("1.0.0");
        await _world.Write();
        _world.Text.ShouldNotContain("Friday");
        _world.Text.ShouldNotContain("SSH SIGNATURE");
        _world.Text.ShouldContain("Nothing found.", customMessage: "scans are not encrypted");
        _world.Verify().ShouldBeEmpty();
        var stored = _world.Snapshot.Find("staging/5")!.Stored!;
        stored.Record.ShouldBeNull();
        AuditText.Open(stored, _world.Cipher)!.Details["rule window"].ShouldBe("It is Friday.");
        AuditText.Open(stored with { Kind = AuditKinds.Check }, _world.Cipher).ShouldBeNull("what it is called belongs to the seal");
        AuditText.Open(stored, AuditCipher.Of(AuditWorld.Secret + "x", "shop")).ShouldBeNull();
        AuditText.Open(stored, AuditCipher.Of(AuditWorld.Secret, "other")).ShouldBeNull();
        _world.Cipher = null;
        _world.Verify().ShouldBeEmpty();
        var whole = _world.Store.Bytes;
        // The last line feed alone looks like the end of a write that was cut off, and is said to be.
        for (var at = 0; at < whole.Length - 1; at += 17)
        {
            var changed = whole.ToArray();
            changed[at] ^= 1;
            _world.Wrong(changed).ShouldNotBeEmpty($"byte {at}");
        }
    }

    [Fact]
    public async Task A_journal_that_begins_anew_goes_on_in_the_log_and_is_said()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        _world.Forget("staging");
        _world.Deploy("1.1.0");
        (await _world.Write()).ShouldBe(6);
        (await _world.Write()).ShouldBe(0);
        _world.Snapshot.Leaves[6].Stored!.Id.ShouldBe("staging/1~2");
        _world.Wrong().ShouldHaveSingleItem().ShouldStartWith("From record 7 on the journal of staging is another one than before");
    }

    [Fact]
    public async Task Without_a_key_the_log_is_written_and_says_what_that_means()
    {
        _world.HasKey = false;
        _world.Deploy("1.0.0");
        await _world.Write();
        var finding = AuditVerifier.Verify(_world.Snapshot, new AuditEvidence { Application = "shop", Journals = [new AuditJournal("staging", _world.Journal())] }).ShouldHaveSingleItem();
        finding.IsWrong.ShouldBeFalse();
        finding.ToString().ShouldContain(":keys");
        _world.Wrong().ShouldHaveSingleItem().ShouldContain("is not signed by a key that is trusted here");
        _world.HasKey = true;
        await _world.Checkpoint();
        var note = _world.Verify().ShouldHaveSingleItem();
        note.IsWrong.ShouldBeFalse();
        note.Message.ShouldStartWith("Records 1 to 6 were written without a key by ada@desk, eve@desk: no signature of that time vouches for them");
    }

    [Fact]
    public async Task A_proof_verifies_by_itself_and_no_changed_one_does()
    {
        _world.Deploy("1.0.0");
        await _world.Write();
        _world.Deploy("1.1.0");
        await _world.Write();
        foreach (var leaf in _world.Snapshot.Leaves)
        {
            var text = AuditLog.Prove(_world.Snapshot, leaf).ShouldNotBeNull().Write();
            var proof = AuditProof.Read(text).ShouldNotBeNull();
            proof.Verify("shop", [AuditWorld.PublicKey]).ShouldBeNull();
            proof.Verify("other", [AuditWorld.PublicKey]).ShouldNotBeNull();
            proof.Verify("shop", []).ShouldNotBeNull();
            (proof with { Index = proof.Index == 0 ? 1 : proof.Index - 1 }).Verify("shop", [AuditWorld.PublicKey]).ShouldNotBeNull();
            (proof with { Record = proof.Record!.Replace("1.", "2.", StringComparison.Ordinal) + " " }).Verify("shop", [AuditWorld.PublicKey]).ShouldNotBeNull();
            (proof with { Proof = proof.Proof.RemoveAt(0) }).Verify("shop", [AuditWorld.PublicKey]).ShouldNotBeNull();
            (proof with { Checkpoint = proof.Checkpoint.Replace("12", "11", StringComparison.Ordinal) }).Verify("shop", [AuditWorld.PublicKey]).ShouldNotBeNull();
        }

        AuditProof.Read("{}").ShouldBeNull();
        AuditProof.Read("nothing").ShouldBeNull();
    }

    [Fact]
    public void Any_bytes_can_be_read_and_verified() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        string[] parts = ["= ", "{\"id\":\"staging/1\",\"kind\":\"retention\",\"details\":{\"a/1\":\"1 x y open\"}}", new string('a', 64), " ", "\n", "-", Convert.ToBase64String(bytes)];
        byte[] hostile = [.. bytes.SelectMany(x => Encoding.UTF8.GetBytes(parts[x % parts.Length])), .. bytes];
        AuditVerifier.Verify(AuditSnapshot.Read(hostile), new AuditEvidence { Application = "shop", Journals = [] });
        AuditVerifier.Verify(AuditSnapshot.Read(bytes), new AuditEvidence { Application = "shop", Journals = [] });
        return true;
    }).QuickCheckThrowOnFailure();

    static AuditRules Retaining(string section) => AuditRules.None with { Retention = ImmutableSortedDictionary.Create<string, TimeSpan>(StringComparer.Ordinal).Add(section, TimeSpan.FromDays(30)) };
}
