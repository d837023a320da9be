using System.Collections.Immutable;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Where people give their consent: it knows what is asked for, takes what was signed into the journal, and tells what is still missing.</summary>
/// <param name="store">The journal.</param>
/// <param name="authority">Knows whose consent counts.</param>
/// <param name="user">The account that gives it in.</param>
/// <param name="host">The machine.</param>
public sealed class ApprovalDesk(IDeploymentStore store, ApprovalAuthority authority, string user, string host)
{
    static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    string By => $"{user}@{host}";

    /// <summary>What consent is asked for: by the deployment that waits for it, and otherwise for the release at hand.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="atHand">Gives the release at hand, where no deployment waits.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<ApprovalRequest> RequestAsync(EnvironmentSpec environment, Func<ReleaseManifest> atHand, CancellationToken cancellationToken)
    {
        var history = EnvironmentHistory.Of(await store.ReadJournalAsync(environment.Name, cancellationToken));
        if (history.Unfinished is { IsWaiting: true, Awaiting.Request: { } awaited })
            return awaited;
        if (history.Unfinished is { } other)
            throw new UserErrorException($"An operation on {environment.Name} is under way or was interrupted ({Printable.Line(other.Target?.Release.Version ?? "down")}), and asks for no consent.", $"':status {environment.Name}' shows it.");
        return ApprovalAuthority.AcceptanceOf(environment, atHand()) with { Round = history.Round, Configuration = EnvironmentDigest.Of(environment) };
    }

    /// <summary>The request for the acceptance of the release that is live.</summary>
    /// <exception cref="UserErrorException">Nothing is live.</exception>
    public async Task<ApprovalRequest> AcceptanceAsync(EnvironmentSpec environment, CancellationToken cancellationToken)
    {
        var history = EnvironmentHistory.Of(await store.ReadJournalAsync(environment.Name, cancellationToken));
        return history.Live is { } live
            ? ApprovalAuthority.AcceptanceOf(environment, live.Target.Release)
            : throw new UserErrorException($"Nothing is live on {environment.Name} that could be accepted.", $"Deploy to it first: ./build.sh {Target(environment)}");
    }

    /// <summary>Whether a release was accepted in an environment; null where nobody has to.</summary>
    /// <param name="environment">The environment with the rules that hold.</param>
    /// <param name="release">The release.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<ApprovalVerdict?> AcceptanceAsync(EnvironmentSpec environment, ReleaseManifest release, CancellationToken cancellationToken)
    {
        if (!environment.Acceptance.Required)
            return null;
        var history = EnvironmentHistory.Of(await store.ReadJournalAsync(environment.Name, cancellationToken));
        return await authority.JudgeAcceptanceAsync(
            environment, ApprovalAuthority.AcceptanceOf(environment, release), [.. history.Approvals.Select(x => x.Approval)], Before(history), cancellationToken);
    }

    /// <summary>The last broken glass that nobody has countersigned yet.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public async Task<ApprovalRequest> CountersignRequestAsync(EnvironmentSpec environment, CancellationToken cancellationToken)
    {
        var owed = await authority.CountersignaturesAsync(environment, await store.ReadJournalAsync(environment.Name, cancellationToken), null, cancellationToken);
        return owed.FirstOrDefault(x => !x.IsGiven)?.Break.Request ?? throw new UserErrorException($"Nothing that went to {environment.Name} waits to be countersigned.", $"':approvals {environment.Name}' shows what was signed.");
    }

    /// <summary>Commit of the release that a verb is about: of the deployment that is under way, waits or was interrupted, otherwise of what is live; null: there is none.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="isForward">Whether only a deployment counts that goes on, and nothing that goes back.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<string?> FindCommitAsync(EnvironmentSpec environment, bool isForward, CancellationToken cancellationToken)
    {
        var history = EnvironmentHistory.Of(await store.ReadJournalAsync(environment.Name, cancellationToken));
        if (isForward)
            return history.Unfinished is { Kind: OperationKind.Deploy, UndoReason: null, Target: { } next } ? next.Release.Commit : null;
        return (history.Unfinished?.Target ?? history.Live?.Target)?.Release.Commit;
    }

    /// <summary>What a signature stands for, for people to read before they give it.</summary>
    public static ImmutableArray<string> Describe(ApprovalPurpose purpose, ApprovalRequest request)
    {
        var deed = purpose switch
        {
            ApprovalPurpose.Accept => "You accept",
            ApprovalPurpose.BreakGlass => "You break the glass for",
            ApprovalPurpose.Countersign => "You countersign",
            _ => "You approve",
        };
        return
        [
            Printable.Line($"{deed} {request.Application} {request.Version} on {request.Environment}:"),
            Printable.Line($"  release {request.Release}"),
            Printable.Line($"  commit  {request.Commit}"),
            .. request.Bypassed.Select(x => Printable.Line($"  bypassing the rule '{x}'")),
            .. request.BypassReason is { } reason ? (IEnumerable<string>)[Printable.Line($"  because: {reason}")] : [],
        ];
    }

    /// <summary>Signs a request, judges it, and only then takes it into the journal.</summary>
    /// <param name="environment">The environment with the rules that hold.</param>
    /// <param name="request">What is consented to.</param>
    /// <param name="purpose">How.</param>
    /// <param name="reason">Why; needed for breaking the glass.</param>
    /// <param name="key">The key to sign with.</param>
    /// <param name="log">Told what becomes of it.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>The verdict with it.</returns>
    /// <exception cref="UserErrorException">It does not count; nothing was written.</exception>
    public async Task<ApprovalVerdict> GiveAsync(
        EnvironmentSpec environment, ApprovalRequest request, ApprovalPurpose purpose, string? reason, AbsolutePath key, Action<string> log, CancellationToken cancellationToken)
    {
        if (purpose == ApprovalPurpose.BreakGlass && string.IsNullOrWhiteSpace(reason))
            throw new UserErrorException("Breaking the glass needs a reason, which the journal keeps.", $"./build.sh :approve {environment.Name} --break-glass REASON");
        var signed = await authority.SignAsync(StatementText.Of(new ApprovalStatement(purpose, request, authority.Now, reason)), key, cancellationToken);
        var (isCounted, line, _) = await LookAsync(environment, request, purpose, signed, cancellationToken);
        if (!isCounted)
            throw new UserErrorException($"Nothing was given in. {line}");

        await using (var held = await store.LockAsync(environment.Name, new LockRequest { User = user, Host = host, ProcessId = Environment.ProcessId, Command = ":approve", Wait = LockWait }, cancellationToken))
        {
            // Between the look and the lock an operation may have ended, and taken the request with it.
            (isCounted, line, _) = await LookAsync(environment, request, purpose, signed, cancellationToken);
            if (!isCounted)
                throw new UserErrorException($"Nothing was given in. {line}");
            await held.AppendAsync(new JournalEvent.ApprovalGiven(signed, By), cancellationToken);
        }

        var (_, own, verdict) = await LookAsync(environment, request, purpose, null, cancellationToken);
        log(line);
        if (verdict is null)
            return new ApprovalVerdict(true, own, [own]);
        log($"{verdict.Summary}.");
        foreach (var missing in verdict.Lines.Where(x => x.StartsWith("Missing", StringComparison.Ordinal)))
            log(missing);
        if (verdict.IsEnough && purpose is ApprovalPurpose.Approve or ApprovalPurpose.BreakGlass)
            log($"Go on with: ./build.sh {Target(environment)} --release {Printable.Line(request.Version)}");
        return verdict;
    }

    /// <summary>What was signed in an environment and what became of it; what is missing; what is owed.</summary>
    /// <param name="environment">The environment with the rules that hold.</param>
    /// <param name="request">What consent is asked for; null: nothing just now.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<ImmutableArray<string>> ShowAsync(EnvironmentSpec environment, ApprovalRequest? request, CancellationToken cancellationToken)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var journal = await store.ReadJournalAsync(environment.Name, cancellationToken);
        var history = EnvironmentHistory.Of(journal);
        if (request is not null)
        {
            lines.Add(Printable.Line($"{environment.Name}: {request.Application} {request.Version} ({RequestDifference.Short(request.Release)})"));
            var verdict = (await authority.JudgeAsync(environment, request, ApprovalAuthority.Dated(journal), history.Live?.Target.Release.Commit, ApprovalPurpose.Approve, await DeployersAsync(history, cancellationToken), cancellationToken)).Verdict;
            lines.Add($"  {verdict.Summary}");
            lines.AddRange(verdict.Lines.Select(x => $"  {x}"));
        }

        if (environment.Acceptance.Required && history.Live is { } live)
        {
            var accepted = await authority.JudgeAcceptanceAsync(environment, ApprovalAuthority.AcceptanceOf(environment, live.Target.Release), [.. history.Approvals.Select(x => x.Approval)], Before(history), cancellationToken);
            lines.Add(Printable.Line($"{environment.Name}: acceptance of {live.Target.Release.Version}: {accepted.Summary}"));
            lines.AddRange(accepted.Lines.Select(x => $"  {x}"));
        }

        foreach (var owed in await authority.CountersignaturesAsync(environment, journal, null, cancellationToken))
            lines.Add(owed.Line);
        return lines.ToImmutable();
    }

    /// <summary>The countersignatures whose time is over: each keeps the next deployment out.</summary>
    public async Task<ImmutableArray<Problem>> OverdueAsync(EnvironmentSpec environment, CancellationToken cancellationToken) =>
        [.. (await authority.CountersignaturesAsync(environment, await store.ReadJournalAsync(environment.Name, cancellationToken), null, cancellationToken))
            .Where(x => x.IsOverdue).Select(x => new Problem(x.Line, $"Somebody else has to look at it and to countersign it: ./build.sh :approve {environment.Name} --countersign"))];

    /// <summary>The countersignatures that are owed and not overdue yet, each as a sentence.</summary>
    public async Task<ImmutableArray<string>> OwedAsync(EnvironmentSpec environment, CancellationToken cancellationToken) =>
        [.. (await authority.CountersignaturesAsync(environment, await store.ReadJournalAsync(environment.Name, cancellationToken), null, cancellationToken))
            .Where(x => x is { IsGiven: false, IsLate: false }).Select(x => x.Line)];

    /// <summary>Judges what the journal has, with or without one approval more.</summary>
    /// <returns>Whether that one counts (or, without one, all is given), what to say about it, and the verdict.</returns>
    async Task<(bool IsCounted, string Line, ApprovalVerdict? Verdict)> LookAsync(
        EnvironmentSpec environment, ApprovalRequest request, ApprovalPurpose purpose, SignedApproval? more, CancellationToken cancellationToken)
    {
        var journal = await store.ReadJournalAsync(environment.Name, cancellationToken);
        var history = EnvironmentHistory.Of(journal);
        if (purpose == ApprovalPurpose.Countersign)
        {
            var owed = (await authority.CountersignaturesAsync(environment, journal, more, cancellationToken)).FirstOrDefault(x => x.Break.Request == request)
                ?? throw new UserErrorException($"Nothing that went to {environment.Name} waits to be countersigned.");
            var last = owed.Judgement.Approvals.IsEmpty ? null : owed.Judgement.Approvals[^1];
            return more is null ? (owed.IsGiven, owed.Line, null) : (last is { Counts: true }, last?.Line ?? owed.Line, null);
        }

        var isAcceptance = purpose == ApprovalPurpose.Accept;
        var deployers = isAcceptance ? [] : await DeployersAsync(history, cancellationToken);
        // By the time that it is given in, what it was asked for may be over.
        if (!isAcceptance && history.Round != request.Round)
            throw new UserErrorException($"Nothing was given in: an operation on {environment.Name} has ended in the meantime, and the request with it.", $"':approvals {environment.Name}' shows what is asked for now.");
        var given = ApprovalAuthority.Dated(journal);
        if (more is not null)
            given = given.Add(new DatedApproval(more, null));
        var judgement = await authority.JudgeAsync(
            environment, request, given, isAcceptance ? Before(history) : history.Live?.Target.Release.Commit, isAcceptance ? ApprovalPurpose.Accept : ApprovalPurpose.Approve, deployers, cancellationToken);
        if (more is null)
            return (judgement.Verdict.IsEnough, judgement.Verdict.Summary, judgement.Verdict);
        var judged = judgement.Approvals[^1];
        return (judged.Counts, judged.Line ?? (judgement.Verdict.IsEnough ? $"{ReadingScope.Capital(environment.Name)} asks for no consent to this." : string.Join(' ', judgement.Verdict.Lines)), judgement.Verdict);
    }

    /// <summary>Who deploys what waits: the account that began it, and everything that is known of it where it is this one.</summary>
    async Task<ImmutableArray<string>> DeployersAsync(EnvironmentHistory history, CancellationToken cancellationToken) => history.Unfinished switch
    {
        null => [],
        { By: var by } when by == authority.Deployer.Account => [by, .. (await authority.Deployer.FindAsync(cancellationToken)).Union(history.Unfinished.Awaiting?.Deployers ?? [])],
        { By: var by } => [by, .. history.Unfinished.Awaiting?.Deployers ?? []],
    };

    static string? Before(EnvironmentHistory history) => history.Before.IsEmpty ? null : history.Before.Peek().Target.Release.Commit;

    static string Target(EnvironmentSpec environment) => $"Deploy{string.Concat(environment.Name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(x => char.ToUpperInvariant(x[0]) + x[1..]))}";
}
