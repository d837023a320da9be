using System.Collections.Immutable;
using System.Text;
using Fairlead.SupplyChain;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>An audit log in memory, a key, and journals to put into it.</summary>
sealed class AuditWorld
{
    public const string Secret = "a secret of at least sixteen characters";

    static readonly Lazy<string> KeyPem = new(() =>
    {
        using var key = SigningKey.Create("shop");
        return key.ToPem(null);
    });

    static readonly Lazy<VerificationKey> TrustedKey = new(() =>
    {
        using var key = Key();
        return VerificationKey.Parse("shop", key.PublicKey.ToPem());
    });

    readonly Dictionary<string, List<JournalEntry>> _journals = new(StringComparer.Ordinal);

    public AuditWorld(AbsolutePath? memory = null) =>
        Log = new AuditLog(Store, "shop", Time) { TrustedKeys = () => [PublicKey], Memory = memory is null ? null : new AuditMemory(memory) };

    public ManualTimeProvider Time { get; } = new();

    public InMemoryAuditStore Store { get; } = new();

    public AuditLog Log { get; }

    public AuditRules Rules { get; set; } = AuditRules.None;

    public bool HasKey { get; set; } = true;

    public AuditCipher? Cipher { get; set; }

    public static VerificationKey PublicKey => TrustedKey.Value;

    public string Text => Encoding.UTF8.GetString(Store.Bytes);

    public AuditSnapshot Snapshot => AuditSnapshot.Read(Store.Bytes);

    public static SigningKey Key() => SigningKey.Parse("shop", KeyPem.Value, null);

    public ImmutableArray<JournalEntry> Journal(string environment = "staging") => [.. _journals.GetValueOrDefault(environment, [])];

    public void Happen(string environment, params JournalEvent[] events)
    {
        if (!_journals.TryGetValue(environment, out var journal))
            _journals[environment] = journal = [];
        foreach (var happened in events)
        {
            journal.Add(new JournalEntry(journal.Count + 1, Time.GetUtcNow(), 1, happened));
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    public void Forget(string environment) => _journals.Remove(environment);

    /// <summary>A deployment with a verdict, an approval, a bypass, a check and steps, which are not for the log.</summary>
    public void Deploy(string version, string environment = "staging", OperationResult result = OperationResult.Succeeded)
    {
        var release = World.Release(version, new Verdict(VerdictKinds.Scan, VerdictOutcome.Passed, "Nothing found."));
        var target = new DeploymentTarget(release, []);
        Happen(
            environment,
            new JournalEvent.OperationStarted(OperationKind.Deploy, target, ["prepare"], "ada@desk"),
            new JournalEvent.StepIntended("prepare"),
            new JournalEvent.StepDone("prepare"),
            new JournalEvent.ApprovalGiven(new SignedApproval("{\"purpose\":\"approve\"}", "-----BEGIN SSH SIGNATURE-----\nabc+/\n"), "eve@desk"),
            new JournalEvent.RulesBypassed([new BypassedRule("window", "It is Friday.")], "The shop is down – “now”.", "ada@desk"),
            new JournalEvent.CheckDone("check smoke", new CheckOutcome("smoke", true, "200", TimeSpan.FromSeconds(1), 1)));
        if (result == OperationResult.Undone)
            Happen(environment, new JournalEvent.UndoStarted("It was not healthy."));
        Happen(environment, new JournalEvent.OperationFinished(result));
    }

    public async Task<int> Write(string environment = "staging")
    {
        using var key = HasKey ? Key() : null;
        return await Log.AppendAsync(environment, Journal(environment), Rules, Cipher, key, default);
    }

    public async Task<int> Prune()
    {
        using var key = HasKey ? Key() : null;
        return await Log.PruneAsync(_ => Rules, key, default);
    }

    public async Task<SignedCheckpoint> Checkpoint()
    {
        using var key = HasKey ? Key() : null;
        return await Log.CheckpointAsync(key, default);
    }

    public ImmutableArray<AuditFinding> Verify(byte[]? bytes = null, bool withJournals = true, params ImmutableArray<SignedCheckpoint> kept) => AuditVerifier.Verify(
        AuditSnapshot.Read(bytes ?? Store.Bytes),
        new AuditEvidence
        {
            Application = "shop",
            Keys = [PublicKey],
            Journals = withJournals ? [.. _journals.Select(x => new AuditJournal(x.Key, [.. x.Value]))] : null,
            Kept = kept,
            Cipher = Cipher,
        });

    public IEnumerable<string> Wrong(byte[]? bytes = null, bool withJournals = true, params ImmutableArray<SignedCheckpoint> kept) => Verify(bytes, withJournals, kept).Where(x => x.IsWrong).Select(x => x.Message);
}
