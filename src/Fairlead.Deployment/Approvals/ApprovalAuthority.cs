using System.Collections.Immutable;
using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Knows whose consent counts: rules and keys from the protected ref, signatures by <c>ssh-keygen</c>, authors from the history.</summary>
/// <param name="processes">Starts git and ssh-keygen.</param>
/// <param name="root">The clone.</param>
/// <param name="policy">Where rules and keys are read from.</param>
/// <param name="deployer">Who deploys.</param>
/// <param name="time">The clock.</param>
public sealed class ApprovalAuthority(IProcessRunner processes, AbsolutePath root, ProtectedPolicy policy, DeployerIdentity deployer, TimeProvider time) : IApprovalAuthority
{
    readonly SshSignatures _signatures = new(processes);
    readonly CommitAuthors _authors = new(processes, root);

    /// <inheritdoc/>
    public async Task<ApprovalVerdict> JudgeAsync(
        EnvironmentSpec environment, ApprovalRequest request, ImmutableArray<SignedApproval> given, string? liveCommit, ImmutableArray<string> begunBy, CancellationToken cancellationToken)
    {
        ImmutableArray<string> names = [.. (await deployer.FindAsync(cancellationToken)).Union(begunBy)];
        return (await JudgeAsync(environment, request, Undated(given), liveCommit, ApprovalPurpose.Approve, names, cancellationToken)).Verdict with { Deployers = names };
    }

    /// <summary>Judges whether a release that is live in an environment was accepted there. Who deployed it may accept it; who wrote it may not.</summary>
    /// <param name="environment">The environment, with its <see cref="EnvironmentSpec.Acceptance"/>.</param>
    /// <param name="request">What acceptance is asked for; see <see cref="AcceptanceOf"/>.</param>
    /// <param name="given">Everything that was ever signed for this environment, the oldest first.</param>
    /// <param name="liveCommit">Commit of the release that was live in the environment before, or null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<ApprovalVerdict> JudgeAcceptanceAsync(
        EnvironmentSpec environment, ApprovalRequest request, ImmutableArray<SignedApproval> given, string? liveCommit, CancellationToken cancellationToken) =>
        (await JudgeAsync(environment, request, Undated(given), liveCommit, ApprovalPurpose.Accept, [], cancellationToken)).Verdict;

    /// <summary>The request for the acceptance of a release; it holds as long as the release does.</summary>
    public static ApprovalRequest AcceptanceOf(EnvironmentSpec environment, Releases.ReleaseManifest release) => new()
    {
        Application = environment.Application,
        Environment = environment.Name,
        Release = release.Digest,
        Version = release.Version,
        Commit = release.Commit,
        Round = 0,
    };

    internal Task<SignedApproval> SignAsync(string statement, AbsolutePath key, CancellationToken cancellationToken) => _signatures.SignAsync(statement, key, cancellationToken);

    /// <summary>Who runs this command.</summary>
    internal DeployerIdentity Deployer => deployer;

    internal DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Judges, and tells of each approval what became of it.</summary>
    internal async Task<ApprovalJudgement> JudgeAsync(
        EnvironmentSpec environment, ApprovalRequest request, ImmutableArray<DatedApproval> given, string? liveCommit, ApprovalPurpose purpose, ImmutableArray<string> deployers, CancellationToken cancellationToken)
    {
        try
        {
            var sources = await RulesAsync(environment, request, purpose, cancellationToken);
            if (sources.All(x => !IsNeeded(x.Rules, request, purpose)))
                return new ApprovalJudgement(ApprovalVerdict.NotNeeded, [.. given.Select(_ => new JudgedApproval(false, null))]);
            var own = await _authors.AddToAsync(Participants.Nobody.With(deployers, Participants.Deploys), liveCommit, request.Commit, cancellationToken);
            var judgements = new List<ApprovalJudgement>();
            foreach (var (rules, files) in sources)
                judgements.Add(ApprovalJudge.Judge(rules, request, await ExamineAsync(given, request, purpose, files, isPast: false, cancellationToken), own, purpose));
            return Strictest(judgements);
        }
        catch (UserErrorException exception) when (exception is not ToolNotFoundException)
        {
            return new ApprovalJudgement(ApprovalVerdict.Refused(exception.Message, exception.Remedy), [.. given.Select(_ => new JudgedApproval(false, null))]);
        }
    }

    /// <summary>What is owed for broken glass, the oldest first. It counts when it counts by the rules from before the release, or by those of now.</summary>
    internal async Task<ImmutableArray<Countersignature>> CountersignaturesAsync(
        EnvironmentSpec environment, ImmutableArray<JournalEntry> journal, SignedApproval? more, CancellationToken cancellationToken)
    {
        var result = ImmutableArray.CreateBuilder<Countersignature>();
        var given = Dated(journal);
        foreach (var broken in Countersigning.Breaks(environment.Application, environment.Name, journal))
        {
            try
            {
                if (await CountersignatureAsync(environment, broken, more is null ? given : given.Add(new DatedApproval(more, null)), cancellationToken) is { } countersignature)
                    result.Add(countersignature);
            }
            catch (UserErrorException exception) when (exception is not ToolNotFoundException)
            {
                result.Add(await RememberedAsync(environment, broken, given, more, exception, cancellationToken));
            }
        }

        return result.ToImmutable();
    }

    async Task<Countersignature?> CountersignatureAsync(EnvironmentSpec environment, GlassBreak broken, ImmutableArray<DatedApproval> given, CancellationToken cancellationToken)
    {
        var own = await _authors.AddToAsync(await OfAsync(broken, cancellationToken), broken.LiveCommit, broken.Request.Commit, cancellationToken);
        Countersignature? best = null;
        foreach (var (rules, files) in await RulesAsync(environment, broken.Request, ApprovalPurpose.Countersign, cancellationToken))
        {
            var one = Countersigning.Judge(broken, rules, await ExamineAsync(given, broken.Request, ApprovalPurpose.Countersign, files, isPast: true, cancellationToken), own, Now);
            best = best is null || (one.IsGiven && !best.IsGiven) ? one : best;
        }

        return best;
    }

    /// <summary>
    /// Of a release that this clone does not know any more: what was countersigned stays so, when its signature counts by the newest rules, because who wrote it was looked at when it was given in.
    /// Nothing new is taken, and what is owed stays owed.
    /// </summary>
    async Task<Countersignature> RememberedAsync(
        EnvironmentSpec environment, GlassBreak broken, ImmutableArray<DatedApproval> given, SignedApproval? more, UserErrorException unknown, CancellationToken cancellationToken)
    {
        var (why, how) = (unknown.Message, unknown.Remedy);
        var rules = new ApprovalRules("the release", AllowedSigners.Parse(""), environment.Approvals);
        ImmutableArray<ExaminedApproval> examined = [.. given.Select(_ => new ExaminedApproval(null, null))];
        try
        {
            if (await policy.NewestAsync(cancellationToken) is { Commits: [var newest, ..] }
                && await RulesOfAsync(environment, newest, broken.Request, ApprovalPurpose.Countersign, cancellationToken) is var (there, files, _))
            {
                rules = there;
                examined = await ExamineAsync(given, broken.Request, ApprovalPurpose.Countersign, files, isPast: true, cancellationToken);
            }
        }
        catch (UserErrorException exception) when (exception is not ToolNotFoundException)
        {
            (why, how) = (exception.Message, exception.Remedy);
        }

        var judged = Countersigning.Judge(broken, rules, examined, await OfAsync(broken, cancellationToken), Now);
        var line = judged.IsGiven
            ? $"{judged.Line} That it was somebody else's work cannot be looked at again: {why}"
            : $"{judged.Line} It cannot be countersigned from this clone: {why} {how} If its branch was deleted: git fetch origin {broken.Request.Commit}";
        var approvals = more is null ? judged.Judgement.Approvals : judged.Judgement.Approvals.Add(new JudgedApproval(false, line));
        return judged with { Line = line, Judgement = judged.Judgement with { Approvals = approvals } };
    }

    /// <summary>Those who deployed it. Of somebody else's machine no more is known than the account.</summary>
    async Task<Participants> OfAsync(GlassBreak broken, CancellationToken cancellationToken) =>
        Participants.Nobody.With(broken.DeployedBy == deployer.Account ? await deployer.FindAsync(cancellationToken) : [broken.DeployedBy], Participants.Deploys);

    /// <summary>What a journal has of approvals, each with the time at which it got it.</summary>
    internal static ImmutableArray<DatedApproval> Dated(ImmutableArray<JournalEntry> journal) =>
        [.. journal.Where(x => x.Delay != JournalDelay.Superseded).Select(x => x.Event is JournalEvent.ApprovalGiven given ? new DatedApproval(given.Approval, x.At) : null).OfType<DatedApproval>()];

    static ImmutableArray<DatedApproval> Undated(ImmutableArray<SignedApproval> given) => [.. given.Select(x => new DatedApproval(x, null))];

    static bool IsNeeded(ApprovalRules rules, ApprovalRequest request, ApprovalPurpose purpose) =>
        rules.Approvals.Required || purpose == ApprovalPurpose.Countersign || (purpose == ApprovalPurpose.Approve && rules.Bypass is not null && !request.Bypassed.IsEmpty);

    /// <summary>The rules from before the release, and those of now where they differ.</summary>
    async Task<ImmutableArray<(ApprovalRules Rules, SignerFiles Files)>> RulesAsync(EnvironmentSpec released, ApprovalRequest request, ApprovalPurpose purpose, CancellationToken cancellationToken)
    {
        var all = ImmutableArray.CreateBuilder<(ApprovalRules, SignerFiles)>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var sources = await policy.FindAsync(request.Commit, cancellationToken);
        var isAsked = (purpose == ApprovalPurpose.Accept ? released.Acceptance.Required : released.Approvals.Required) || !request.Bypassed.IsEmpty || purpose == ApprovalPurpose.Countersign;
        if (sources.Commits.IsEmpty && isAsked)
            throw new UserErrorException($"{released.Name} asks for consent, and nobody's can be counted. {sources.Missing?.Message}", sources.Missing?.Remedy);
        foreach (var source in sources.Commits)
        {
            // Mostly nothing has changed there since the release, and then it is looked at once.
            var (rules, files, contents) = await RulesOfAsync(released, source, request, purpose, cancellationToken);
            if (known.Add(contents))
                all.Add((rules, files));
        }

        return all.ToImmutable();
    }

    /// <summary>The rules of one commit, with what tells them from those of another.</summary>
    async Task<(ApprovalRules Rules, SignerFiles Files, string Contents)> RulesOfAsync(
        EnvironmentSpec released, PolicySource source, ApprovalRequest request, ApprovalPurpose purpose, CancellationToken cancellationToken)
    {
        var environment = StricterRules.Of(released, await policy.EnvironmentAsync(source, released, cancellationToken));
        var wish = purpose == ApprovalPurpose.Accept ? environment.Acceptance : environment.Approvals;
        var rules = new ApprovalRules(source.Name, AllowedSigners.Parse(""), wish, environment.Bypass);
        var path = $"{wish.Signers} on {source.Name}";
        if (!IsNeeded(rules, request, purpose))
            return (rules, new SignerFiles(path, [], null), "nothing is asked for");
        var allowed = await policy.BytesAsync(source, wish.Signers, cancellationToken)
            ?? throw new UserErrorException($"{released.Name} asks for consent, and nobody's can be counted: there is no {path}.", "Make the file and merge it there, before the release: docs/approvals.md shows how.");
        var revoked = await policy.BytesAsync(source, wish.Revoked, cancellationToken);
        return (
            rules with { Signers = AllowedSigners.Parse(System.Text.Encoding.UTF8.GetString(allowed)) },
            new SignerFiles(path, allowed, revoked),
            string.Join(' ', ((byte[][])[await policy.EnvironmentsAsync(source, cancellationToken), allowed, revoked ?? []]).Select(x => Convert.ToHexString(SHA256.HashData(x)))));
    }

    async Task<ImmutableArray<ExaminedApproval>> ExamineAsync(
        ImmutableArray<DatedApproval> given, ApprovalRequest request, ApprovalPurpose purpose, SignerFiles files, bool isPast, CancellationToken cancellationToken)
    {
        var examined = ImmutableArray.CreateBuilder<ExaminedApproval>();
        foreach (var (approval, at) in given)
        {
            var statement = StatementText.Read(approval.Statement);
            var signer = ApprovalJudge.IsFor(statement, request, purpose)
                ? await _signatures.FindSignerAsync(approval, files, isPast && at is { } then ? then : Now, cancellationToken)
                : null;
            examined.Add(new ExaminedApproval(statement, signer, at));
        }

        return examined.ToImmutable();
    }

    /// <summary>All must be satisfied: what is refused by one is refused, and an approval counts when all count it.</summary>
    static ApprovalJudgement Strictest(List<ApprovalJudgement> judgements)
    {
        var verdict = (judgements.Find(x => !x.Verdict.IsEnough) ?? judgements.Find(x => x.Verdict.IsBreakGlass) ?? judgements[0]).Verdict;
        var approvals = Enumerable.Range(0, judgements[0].Approvals.Length).Select(i => judgements.Select(x => x.Approvals[i]).OrderBy(x => x.Counts).First());
        return new ApprovalJudgement(verdict, [.. approvals]);
    }
}
