using System.Collections.Immutable;
using System.Security.Cryptography;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Keeps the audit log up with the journals. When a command takes a lock, what an earlier one left out because it was killed is written; when it lets go, what it did. A log that cannot be
/// written keeps no traffic from going back: it is a warning. Only a new deployment into an environment whose records are <c>tamper_proof</c> is refused then, and when the log does
/// not verify.
/// </summary>
/// <param name="store">Gives the journals.</param>
/// <param name="log">The log.</param>
/// <param name="options">How to keep it.</param>
public sealed class AuditKeeper(IDeploymentStore store, AuditLog log, AuditKeeperOptions options) : IDeploymentObserver
{
    const int MostFindings = 3;

    /// <inheritdoc/>
    public async Task TakenAsync(string environment, LockRequest request, CancellationToken cancellationToken)
    {
        var isRefusal = false;
        // Verbs give traffic back, finish what was begun, or look after the environment; what begins something new is a target.
        var isNew = !request.AllowOffline && !request.Command.StartsWith(':');
        List<AuditFinding> findings = [];
        try
        {
            isRefusal = isNew && options.Rules(environment).IsTamperProof;
            // What somebody without a key wrote is signed here, but nothing is that the journals do not bear out.
            if (isRefusal && options.Key() is not null && (await log.ReadAsync(cancellationToken)).LastCheckpoint is { Signatures.IsEmpty: true })
                findings.AddRange(await WrongAsync(environment, isBehind: true, cancellationToken));
            if (findings.Count == 0)
                await CatchUpAsync(environment, cancellationToken);
            if (isRefusal && findings.Count == 0)
                findings.AddRange(await WrongAsync(environment, isBehind: false, cancellationToken));
        }
        catch (Exception exception) when (IsOfTheLog(exception))
        {
            if (isRefusal)
                throw Refused(environment, exception.Message, (exception as UserErrorException)?.Remedy ?? "Make the log writable and run this again.", exception);
            options.Warn($"WARNING: the audit log is behind: {exception.Message}");
        }

        if (findings.Count > 0)
            throw Refused(environment, $"its log does not verify.{Environment.NewLine}{string.Join(Environment.NewLine, findings.Take(MostFindings).Select(x => Printable.Line(x.ToString())))}", "':audit verify' says everything.", null);
    }

    /// <inheritdoc/>
    public async Task LeftAsync(string environment)
    {
        try
        {
            await CatchUpAsync(environment, CancellationToken.None);
            await log.PruneAsync(options.Rules, options.Key(), CancellationToken.None);
        }
        catch (Exception exception) when (IsOfTheLog(exception))
        {
            options.Warn($"WARNING: what was done to {environment} is not in the audit log yet, and the next command writes it: {exception.Message}");
        }
    }

    /// <summary>Writes what is missing of one environment.</summary>
    /// <returns>How many records were added.</returns>
    public async Task<int> CatchUpAsync(string environment, CancellationToken cancellationToken)
    {
        var rules = options.Rules(environment);
        var key = options.Key();
        using var cipher = await CipherAsync(rules, cancellationToken);
        var added = await log.AppendAsync(environment, await store.ReadJournalAsync(environment, cancellationToken), rules, cipher, key, cancellationToken);
        if (added > 0 && key is null && (rules != AuditRules.None || !options.TrustedKeys().IsEmpty))
            options.Warn("WARNING: the audit log's checkpoint is NOT SIGNED, so that whoever can write the log can write it anew: there is no key here. Make one with './build.sh :keys', or give the build server FAIRLEAD_SIGNING_KEY.");
        return added;
    }

    /// <summary>Gives the cipher for an environment's records; null where nothing is encrypted.</summary>
    public async Task<AuditCipher?> CipherAsync(AuditRules rules, CancellationToken cancellationToken) =>
        rules.Key is { } reference && !rules.Encrypted.IsEmpty ? AuditCipher.Of(await options.Secrets.ResolveAsync(reference, cancellationToken), options.Application) : null;

    async Task<IEnumerable<AuditFinding>> WrongAsync(string environment, bool isBehind, CancellationToken cancellationToken)
    {
        var snapshot = await log.ReadAsync(cancellationToken);
        var evidence = new AuditEvidence
        {
            Application = options.Application,
            Keys = options.TrustedKeys(),
            Journals = [new AuditJournal(environment, await store.ReadJournalAsync(environment, cancellationToken), isBehind), .. await OthersAsync(snapshot, environment, cancellationToken)],
            Remembered = log.Memory?.Read(),
            MayEndUnsigned = isBehind,
        };
        return AuditVerifier.Verify(snapshot, evidence).Where(x => x.IsWrong);
    }

    async Task<ImmutableArray<AuditJournal>> OthersAsync(AuditSnapshot snapshot, string environment, CancellationToken cancellationToken)
    {
        var journals = ImmutableArray.CreateBuilder<AuditJournal>();
        foreach (var other in snapshot.Environments.Where(x => x != environment))
            journals.Add(new AuditJournal(other, await store.ReadJournalAsync(other, cancellationToken), IsBusy: await store.FindHolderAsync(other, cancellationToken) is not null));

        return journals.ToImmutable();
    }

    static UserErrorException Refused(string environment, string why, string remedy, Exception? cause) =>
        new($"Nothing is deployed to {environment}, whose audit is 'tamper_proof': {why}", $"{remedy} Nothing keeps anybody from going back: ':rollback {environment}'.", cause);

    static bool IsOfTheLog(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or UserErrorException or CryptographicException;
}
