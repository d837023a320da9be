using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Keeps an audit log of everything that is done to environments, and proves that nothing in it was changed.</summary>
public interface IHazAudit : IHazDeploymentStore, IHazSecrets
{
    /// <summary>Where the audit log is kept: beside the journals.</summary>
    IAuditStore CreateAuditStore()
    {
        if (EnvironmentsFile.Store is not { Git: { } remote, Lease: var lease })
            return new FileAuditStore(StateDirectory / EnvironmentsFile.Application / "audit", Context.Time);
        var processes = new ProcessRunner(new Redactor(), Context.Time, RootDirectory, Context.Environment);
        var options = new GitStoreOptions { Remote = remote, CloneDirectory = RootDirectory, Lease = lease };
        return new GitAuditStore(StateDirectory, EnvironmentsFile.Application, options, processes, Context.Time);
    }

    /// <summary>The key that signs checkpoints: the one that signs releases, or null where there is none.</summary>
    SigningKey? FindAuditKey()
    {
        var variables = Context.Environment;
        var (pem, password) = this is ISign sign
            ? (sign.SigningKey, sign.SigningKeyPassword)
            : (variables.GetValueOrDefault("FAIRLEAD_SIGNING_KEY"), variables.GetValueOrDefault("FAIRLEAD_SIGNING_KEY_PASSWORD"));
        if (password is { Length: > 0 })
            Context.Redactor.Add(password);
        if (pem is { Length: > 0 })
        {
            Context.Redactor.Add(pem);
            // Under the name by which it is trusted, which is what its signatures are looked for by.
            using var named = SupplyChain.SigningKey.Parse("SigningKey", pem, password);
            var name = TrustedAuditKeys.FirstOrDefault(x => x.Hint == named.PublicKey.Hint)?.Name;
            if (name is not null || TrustedAuditKeys.IsEmpty)
                return SupplyChain.SigningKey.Parse(name ?? "SigningKey", pem, password);
            // Its signature would make the log one that does not verify.
            Context.Write(LogLevel.Warning, "The signing key that is given is none that is trusted here, so the audit log's checkpoint is not signed with it. Put its public key into '.nuke/keys', or give another one.");
            return null;
        }

        foreach (var trusted in TrustedAuditKeys)
        {
            var file = SigningKeys.PrivateDirectory(variables.GetValueOrDefault) / $"{trusted.Name}.pem";
            if (!file.FileExists())
                continue;
            var key = SupplyChain.SigningKey.Parse(trusted.Name, file.ReadAllText(), password);
            if (key.PublicKey.Hint == trusted.Hint)
                return key;
            key.Dispose();
        }

        return null;
    }

    /// <summary>The keys whose signatures under checkpoints count: those of releases.</summary>
    ImmutableArray<VerificationKey> TrustedAuditKeys => (this as IHazRelease)?.TrustedSigners.Keys ?? SigningKeys.Trusted(RootDirectory).Keys;

    /// <summary>The log.</summary>
    internal sealed AuditLog OpenAuditLog() => new(CreateAuditStore(), EnvironmentsFile.Application, Context.Time)
    {
        TrustedKeys = () => TrustedAuditKeys,
        Memory = new AuditMemory(StateDirectory / EnvironmentsFile.Application / "audit" / AuditMemory.FileName),
    };

    /// <summary>Keeps the log up with the journals of a store.</summary>
    internal sealed AuditKeeper CreateAuditKeeper(IDeploymentStore store)
    {
        Lazy<SigningKey?> key = new(FindAuditKey);
        return new AuditKeeper(store, OpenAuditLog(), new AuditKeeperOptions
        {
            Application = EnvironmentsFile.Application,
            Secrets = SecretSources,
            Rules = RulesOf,
            Key = () => key.Value,
            TrustedKeys = () => TrustedAuditKeys,
            Warn = x => Context.Write(LogLevel.Warning, x),
        });
    }

    /// <summary><c>:audit</c>, and what may follow it.</summary>
    [Verb(
        "audit", "Shows the audit log, verifies it, and proves records of it.",
        Usage = "[--environment ENVIRONMENT] [--since 7d|DATE] | verify [--against CHECKPOINT-FILE | --proof FILE] | checkpoint [--to FILE] | prove RECORD [--to FILE] | prune",
        Options = ["environment", "since", "against", "proof", "to"])]
    Task AuditAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        string[] verbs = ["verify", "checkpoint", "prove", "prune"];
        return (arguments.Positional.FirstOrDefault(), arguments.Positional.Length) switch
        {
            (null, _) => ShowAuditAsync(arguments, cancellationToken),
            ("verify", 1) => arguments.Option("proof") is { } proof ? VerifyProofAsync(proof, cancellationToken) : VerifyAuditAsync(arguments.Option("against"), cancellationToken),
            ("checkpoint", 1) => MakeCheckpointAsync(arguments.Option("to"), cancellationToken),
            ("prove", 2) => ProveAsync(arguments.Positional[1], arguments.Option("to"), cancellationToken),
            ("prune", 1) => PruneAuditAsync(cancellationToken),
            var (word, _) => throw new UserErrorException(
                verbs.Contains(word, StringComparer.Ordinal) ? $"':audit {word}' takes {(word == "prove" ? "the name or number of one record" : "nothing more")}." : $"':audit' does not know '{word}'.",
                (verbs.Contains(word, StringComparer.Ordinal) ? null : Suggestion.Sentence(word!, verbs)) ?? $"Usage: :audit {arguments.Usage}")
            { ExitCode = ExitCodes.Usage },
        };
    }

    private async Task ShowAuditAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        const int Latest = 30;
        var log = await OpenAuditLog().ReadAsync(cancellationToken);
        var environment = arguments.Option("environment") is { } name ? Rescued(name).Name : null;
        var since = arguments.Option("since") is { } text ? Since(text) : (DateTimeOffset?)null;
        var records = log.Leaves.Where(x => environment is null || x.Stored?.Id.StartsWith($"{environment}/", StringComparison.Ordinal) == true).Where(x => since is null || x.Stored?.At >= since).ToList();
        if (records.Count == 0)
            Context.Write(LogLevel.Information, log.Leaves.IsEmpty ? "The audit log is empty: nothing was deployed yet." : "No record is of that environment or time.");
        using var ciphers = new AuditCiphers(CreateAuditKeeper(CreateDeploymentStore()), RulesOf);
        foreach (var leaf in since is null ? records.TakeLast(Latest) : records)
        {
            foreach (var line in await AuditReport.OfAsync(leaf, ciphers, cancellationToken))
                Context.Write(LogLevel.Information, line);
        }

        if (since is null && records.Count > Latest)
            Context.Write(LogLevel.Information, $"{records.Count - Latest} older ones are shown with '--since DATE'.");
    }

    private async Task VerifyAuditAsync(string? against, CancellationToken cancellationToken)
    {
        ImmutableArray<SignedCheckpoint> kept = [];
        if (against is not null)
        {
            kept = SignedCheckpoint.ParseAll(ReadFile(against)) ?? throw new UserErrorException(
                $"'{against}' is no checkpoint.", "Checkpoints are written by ':audit checkpoint --to FILE'. Several may stand in one file, one after the other.")
            { ExitCode = ExitCodes.Usage };
        }

        var store = CreateDeploymentStore();
        var journals = ImmutableArray.CreateBuilder<AuditJournal>();
        var audit = OpenAuditLog();
        var log = await audit.ReadAsync(cancellationToken);
        foreach (var name in EnvironmentsFile.Environments.Select(x => x.Name).Concat(log.Environments).Distinct(StringComparer.Ordinal))
        {
            var isBusy = await store.FindHolderAsync(name, cancellationToken) is not null;
            if (await store.ReadJournalAsync(name, cancellationToken) is { IsEmpty: false } entries)
                journals.Add(new AuditJournal(name, entries, isBusy));
        }

        using var ciphers = new AuditCiphers(CreateAuditKeeper(store), RulesOf);
        var findings = AuditVerifier.Verify(log, new AuditEvidence
        {
            Application = EnvironmentsFile.Application,
            Keys = TrustedAuditKeys,
            Journals = journals.ToImmutable(),
            Kept = kept,
            Remembered = audit.Memory?.Read(),
            Cipher = await ciphers.AnyAsync(EnvironmentsFile.Environments.Select(x => x.Name), cancellationToken),
        });
        foreach (var finding in findings)
            Context.Write(finding.IsWrong ? LogLevel.Error : LogLevel.Warning, Printable.Line(finding.ToString()));
        if (findings.Count(x => x.IsWrong) is > 0 and var wrong)
            throw new UserErrorException($"The audit log does not verify: {(wrong == 1 ? "one thing is" : $"{wrong} things are")} wrong.", "Keep a copy of the log and of the journals as they are before anything else is done. docs/audit.md says what each finding means.");
        Context.Write(LogLevel.Information, log.LastCheckpoint is { } last
            ? $"The audit log verifies: {log.Leaves.Length} records, {log.Checkpoints.Length} checkpoints{(last.SignerAmong(TrustedAuditKeys) is { } signer ? $", the last signed by {signer}" : "")}; {journals.Count} journals say the same{(kept.IsEmpty ? "" : $"; it has grown out of the log of {(kept.Length == 1 ? "the kept checkpoint" : "each kept checkpoint")}")}."
            : "The audit log is empty: nothing was deployed yet.");
    }

    private Task VerifyProofAsync(string file, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var proof = AuditProof.Read(ReadFile(file)) ?? throw new UserErrorException($"'{file}' is no proof.", "Proofs are written by ':audit prove RECORD --to FILE'.") { ExitCode = ExitCodes.Usage };
        if (proof.Verify(EnvironmentsFile.Application, TrustedAuditKeys) is { } wrong)
            throw new UserErrorException($"The proof in '{file}' does not hold: {wrong}.");
        Context.Write(LogLevel.Information, $"The proof holds: record {proof.Index + 1} is in the log '{Checkpoint.OriginOf(EnvironmentsFile.Application)}' as it was when the checkpoint was signed.");
        Context.Write(LogLevel.Information, proof.Record is null ? "What it said was dropped; only its hash is proven." : Printable.Line(proof.Record));
        return Task.CompletedTask;
    }

    private async Task MakeCheckpointAsync(string? to, CancellationToken cancellationToken)
    {
        var log = OpenAuditLog();
        using var key = FindAuditKey();
        var last = (await log.ReadAsync(cancellationToken)).LastCheckpoint;
        var snapshot = await log.ReadAsync(cancellationToken);
        var isCurrent = last is not null && last.Checkpoint.Size == snapshot.Leaves.Length && (key is null || last.SignerAmong(TrustedAuditKeys) is not null);
        var note = isCurrent ? last! : await log.CheckpointAsync(key, cancellationToken);
        if (note.Signatures.IsEmpty)
            Context.Write(LogLevel.Warning, "The checkpoint is NOT SIGNED: there is no key here. Make one with './build.sh :keys', or give the build server FAIRLEAD_SIGNING_KEY.");
        if (to is null)
        {
            foreach (var line in note.ToString().TrimEnd('\n').Split('\n'))
                Context.Write(LogLevel.Information, line);
            return;
        }

        var file = AbsolutePath.Resolve(RootDirectory, to);
        AtomicFile.Write(file, note.ToString());
        Context.Write(LogLevel.Information, $"The checkpoint over {note.Checkpoint.Size} records is in '{file}'. Keep it where whoever can write the log cannot; ':audit verify --against {to}' compares.");
    }

    private async Task ProveAsync(string record, string? to, CancellationToken cancellationToken)
    {
        var log = await OpenAuditLog().ReadAsync(cancellationToken);
        if (AuditVerifier.Verify(log, new AuditEvidence { Application = EnvironmentsFile.Application }).FirstOrDefault(x => x.IsWrong) is { } wrong)
            throw new AuditBrokenException(wrong);
        var leaf = log.Find(record) ?? throw new UserErrorException($"The audit log has no record '{record}'.", "':audit' shows names and numbers: staging/12, or 34.") { ExitCode = ExitCodes.Usage };
        var proof = AuditLog.Prove(log, leaf) ?? throw new UserErrorException($"No checkpoint covers {leaf.Display} yet.", "Make one: ':audit checkpoint'.");
        if (to is null)
        {
            foreach (var line in proof.Write().TrimEnd('\n').Split('\n'))
                Context.Write(LogLevel.Information, line);
            return;
        }

        var file = AbsolutePath.Resolve(RootDirectory, to);
        AtomicFile.Write(file, proof.Write());
        Context.Write(LogLevel.Information, $"The proof of {leaf.Display} is in '{file}'. Whoever has the public keys of this repository can verify it without the log: ':audit verify --proof FILE'.");
    }

    private async Task PruneAuditAsync(CancellationToken cancellationToken)
    {
        // What is to be dropped is a matter of the rules of the protected ref, too.
        if (this is IHazApprovals approvals)
        {
            foreach (var environment in EnvironmentsFile.Environments)
            {
                if (await approvals.ApprovalDesk.FindCommitAsync(environment, isForward: false, cancellationToken) is { } commit)
                    _ = await approvals.HeldAsync(environment, commit, cancellationToken);
            }
        }

        using var key = FindAuditKey();
        var count = await OpenAuditLog().PruneAsync(RulesOf, key, cancellationToken);
        Context.Write(LogLevel.Information, count == 0 ? "No record's time is over." : $"What {(count == 1 ? "a record" : $"{count} records")} said was dropped; the hashes stay, and the log verifies as before.");
    }

    // A period that the protected ref was not asked about may be one that the release brought along: then nothing is dropped.
    private AuditRules RulesOf(string environment) =>
        EnvironmentsFile.Environments.FirstOrDefault(x => x.Name == environment) is { } spec && EnvironmentsFile.Problems.IsEmpty
            ? this is not IHazApprovals approvals ? AuditRules.Of(spec) : approvals.HeldRules.Find(environment) is { } held ? AuditRules.Of(held) : AuditRules.Of(spec) with { Retention = AuditRules.None.Retention }
        : EnvironmentsFile.Problems.IsEmpty ? AuditRules.None
        : throw new UserErrorException($"'{EnvironmentsPath.Name}' has mistakes, so it is not known how records are kept. They are written when it is mended; the journal has everything.");

    private DateTimeOffset Since(string text)
    {
        if (text.EndsWith('d') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 36500)
            return Context.Time.GetUtcNow() - TimeSpan.FromDays(days);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : throw new UserErrorException($"'{text}' is neither a date nor a number of days.", "Write '--since 7d' or '--since 2026-11-01'.") { ExitCode = ExitCodes.Usage };
    }

    private string ReadFile(string file)
    {
        try
        {
            return AbsolutePath.Resolve(RootDirectory, file).ReadAllText();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{file}' cannot be read: {exception.Message}", "Name a file that is there, from the root of the repository or as an absolute path.", exception) { ExitCode = ExitCodes.Usage };
        }
    }
}
