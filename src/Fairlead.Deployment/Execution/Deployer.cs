using System.Collections.Immutable;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Deploys, rolls back and stops environments. Killed at any point, the next command finds out from the journal and the platform what
/// was going on, and finishes it or takes it back before it does its own work.
/// </summary>
/// <param name="store">Remembers what was deployed.</param>
/// <param name="platforms">Gives the platform of an environment.</param>
/// <param name="options">How to work.</param>
public sealed class Deployer(IDeploymentStore store, Func<EnvironmentSpec, IPlatform> platforms, DeployerOptions options)
{
    /// <summary>What keeps a release from an environment, bypassed rules apart: each thing with what to do about it. Empty when nothing does.</summary>
    /// <param name="environment">Where to.</param>
    /// <param name="release">What.</param>
    /// <param name="manifestDirectory">Where the manifest is; artifact locations are relative to it.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task<ImmutableArray<Problem>> PreconditionsAsync(
        EnvironmentSpec environment, ReleaseManifest release, AbsolutePath manifestDirectory, CancellationToken cancellationToken)
    {
        return (await DecideAsync(environment, release, manifestDirectory, cancellationToken)).Problems;
    }

    /// <summary>The same with the rules that were bypassed (<see cref="DeployerOptions.Bypass"/>) or left out on the short path of hotfixes.</summary>
    /// <param name="environment">Where to.</param>
    /// <param name="release">What.</param>
    /// <param name="manifestDirectory">Where the manifest is; artifact locations are relative to it.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task<PolicyDecision> DecideAsync(EnvironmentSpec environment, ReleaseManifest release, AbsolutePath manifestDirectory, CancellationToken cancellationToken)
    {
        var files = await Preconditions.OfFilesAsync(environment, release, manifestDirectory, x => store.FindArtifact(environment.Name, x) is not null, cancellationToken);
        return Decide(environment, release, [.. await RecordedAsync(environment, release, cancellationToken), .. files.Select(x => new Refusal(null, x))]);
    }

    /// <summary>What <see cref="DeployAsync"/> would do now. Changes nothing; an interrupted operation, which comes first, is not part of it.</summary>
    /// <exception cref="ProblemsException">The release and the environment do not fit together.</exception>
    public async Task<RolloutPlan> PlanAsync(EnvironmentSpec environment, ReleaseManifest release, CancellationToken cancellationToken)
    {
        // Only what the plan cannot be made without.
        ThrowIfAny([.. Preconditions.Of(environment, release, _ => true, options.Time.GetUtcNow()).Where(x => x.Rule is null).Select(x => x.Problem)]);
        var history = await HistoryAsync(environment.Name, cancellationToken);
        var observed = await platforms(environment).ObserveAsync(cancellationToken);
        var decision = Decide(environment, release, await RecordedAsync(environment, release, cancellationToken));
        var target = RolloutPlanner.Aim(Resolve(environment, release, decision), history.Live?.Target, history.LastOrdinal, observed);
        var plan = RolloutPlanner.Plan(environment.Name, OperationKind.Deploy, target, history.Live?.Target, observed);
        return target.Database is { Contract.IsEmpty: false } && DatabaseSchedule.IsNew(target, history.Live?.Target) ? plan with { Then = RolloutPlanner.PlanContract(environment.Name, target, PlatformState.Empty) } : plan;
    }

    /// <summary>Makes a release live by the environment's strategies, judges it on the way and afterwards, and takes it back when it is not good enough.</summary>
    /// <param name="environment">Where to.</param>
    /// <param name="release">What.</param>
    /// <param name="manifestDirectory">Where the manifest is; artifact locations are relative to it.</param>
    /// <param name="log">Told what is done, line by line.</param>
    /// <param name="cancellationToken">Until the old revisions begin to go: takes the deployment back and ends. Afterwards: has no effect, the end is near.</param>
    /// <exception cref="ProblemsException">Something keeps the release from the environment; see <see cref="PreconditionsAsync"/>. Nothing was changed.</exception>
    /// <exception cref="UserErrorException">It failed; what was live before has the traffic, or the message says what else.</exception>
    public async Task<DeploymentOutcome> DeployAsync(
        EnvironmentSpec environment, ReleaseManifest release, AbsolutePath manifestDirectory, Action<string> log, CancellationToken cancellationToken)
    {
        ThrowIfAny((await DecideAsync(environment, release, manifestDirectory, cancellationToken)).Problems);
        foreach (var warning in Preconditions.Warnings(environment, release))
            log(warning);

        await using var session = await OpenAsync(environment, log, cancellationToken);
        // Waiting for the lock may have taken minutes, in which the release may have been rolled back where it was verified. Its files are
        // checked again as they are kept.
        var decision = Decide(environment, release, await RecordedAsync(environment, release, cancellationToken));
        ThrowIfAny(decision.Problems);
        session.Decision = decision;
        var migrations = environment.Database is { TakesPart: true, Artifact: { } name } ? release.Artifact(name) : null;
        foreach (var artifact in environment.Services.Select(x => release.Artifact(x.Artifact)).Append(migrations).OfType<ReleaseArtifact>().DistinctBy(x => x.Digest))
            await session.Lock.KeepArtifactAsync(artifact.Digest, manifestDirectory / artifact.Location, cancellationToken);

        WarnOfMissingFallback(environment, session.History, log);
        var wish = Resolve(environment, release, decision);
        if (session.History.Unfinished is { IsRollout: false })
            await session.SettleAsync(OperationKind.Deploy, wish, cancellationToken);
        if (session.History.Unfinished is null && session.History.Live is { OwesContract: true } owing && owing.Target.Release.Digest != release.Digest)
            await TryContractAsync(environment, session, owing.Target, log, cancellationToken);
        var continued = await session.SettleAsync(OperationKind.Deploy, wish, cancellationToken);
        var done = await session.ReachAsync(OperationKind.Deploy, wish, cancellationToken) || continued;
        if (session.History is { Unfinished: null, Live: { OwesContract: true } now } && (await platforms(environment).ObserveAsync(cancellationToken)).Revisions.All(x => x.RetiresAt is null))
            await TryContractAsync(environment, session, now.Target, log, cancellationToken);
        await session.PruneAsync();
        return done
            ? new DeploymentOutcome(DeploymentResult.Deployed, release.Version, $"{release.Application} {release.Version} is live on {environment.Name}.")
            : new DeploymentOutcome(DeploymentResult.AlreadyLive, release.Version, $"{release.Application} {release.Version} is already live on {environment.Name}; nothing was changed.");
    }

    /// <summary>
    /// Goes back to the release that was live before, or to any earlier one whose artifacts are kept. Needs no clone. With the store out of
    /// reach, traffic is still given to a release that was live by the last known journal and runs.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="toVersion">The version to go to; null: the one before the live one, or, when a deployment was interrupted, what is live.</param>
    /// <param name="log">Told what is done, line by line.</param>
    /// <param name="cancellationToken">Before the traffic moves: takes the rollback back and ends.</param>
    /// <exception cref="UserErrorException">There is nothing to go back to, or it failed.</exception>
    public Task<DeploymentOutcome> RollbackAsync(EnvironmentSpec environment, string? toVersion, Action<string> log, CancellationToken cancellationToken) =>
        RollbackAsync(environment, toVersion, DatabaseChoice.AsConfigured, log, cancellationToken);

    /// <summary>The same, with what is to become of the database.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="toVersion">The version to go to; null: as above.</param>
    /// <param name="choice">What is to become of the database.</param>
    /// <param name="log">Told what is done, line by line.</param>
    /// <param name="cancellationToken">Before the traffic moves: takes the rollback back and ends.</param>
    /// <exception cref="UserErrorException">There is nothing to go back to, what is gone back to may not work with the database, or it failed.</exception>
    public async Task<DeploymentOutcome> RollbackAsync(EnvironmentSpec environment, string? toVersion, DatabaseChoice choice, Action<string> log, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(environment, log, cancellationToken, allowOffline: true);
        session.Choice = choice == DatabaseChoice.AsConfigured ? null : choice;
        if (session.Lock.IsOffline && choice == DatabaseChoice.AcceptDataLoss)
            log("WARNING: the store is out of reach, so only the traffic goes back; the database stays as it is.");
        if (session.Lock.IsOffline)
            return await GiveBackAsync(environment, session, toVersion, cancellationToken);
        var interrupted = session.History.Unfinished;
        var settled = false;
        if (interrupted is not null)
        {
            var sameRollback = interrupted is { Kind: OperationKind.Rollback, UndoReason: null } && (toVersion is null || toVersion == interrupted.Target?.Release.Version);
            var finished = await session.SettleAsync(OperationKind.Rollback, sameRollback ? interrupted.Target : null, cancellationToken);
            // Taking the interrupted deployment back, or finishing the interrupted rollback, was the rollback.
            settled = interrupted is { IsRollout: false } or { IsWaiting: true } ? false : toVersion is null ? sameRollback || !finished : session.History.Live?.Target.Release.Version == toVersion;
        }

        // Also when it is live already: then this makes sure that it is really there.
        if ((settled ? session.History.Live?.Target : ChooseEarlier(environment, session.History, toVersion)) is { } target)
        {
            if (choice == DatabaseChoice.AsConfigured && session.History.Live?.Target is { Database.OnRollback: DatabaseFallback.Restore } left && left.Release.Digest != target.Release.Digest)
                log($"The database stays as it is: bringing back the copy from before {left.Release.Version} would lose what was written since, and needs --accept-data-loss.");
            await session.ReachAsync(OperationKind.Rollback, target, cancellationToken, DatabaseSchedule.Return(session.History, target, choice));
        }

        await session.PruneAsync();
        return session.History.Live?.Target.Release is { } live
            ? new DeploymentOutcome(DeploymentResult.RolledBack, live.Version, string.Join(Environment.NewLine, [$"{live.Application} {live.Version} is live on {environment.Name}.", .. session.Warnings.Select(x => $"WARNING: {x}")]))
            : new DeploymentOutcome(DeploymentResult.RolledBack, null, $"The interrupted deployment was taken back; nothing is live on {environment.Name}, and nothing was before it.");
    }

    /// <summary>Stops everything in an environment. What was live can still be rolled back to by its version.</summary>
    /// <exception cref="UserErrorException">The environment is protected, or it failed.</exception>
    public async Task<DeploymentOutcome> DownAsync(EnvironmentSpec environment, Action<string> log, CancellationToken cancellationToken)
    {
        if (environment.IsProtected)
            throw new UserErrorException($"{environment.Name} is protected and is not stopped by a command.", $"To stop it all the same, write 'protected: false' under '{environment.Name}' in the environments file first.");
        await using var session = await OpenAsync(environment, log, cancellationToken);
        await session.TakeDownAsync(cancellationToken);
        await session.PruneAsync();
        return new DeploymentOutcome(DeploymentResult.Down, null, $"Nothing runs on {environment.Name} any more.");
    }

    /// <summary>The hotfixes that were live here, the latest first, with what they owe as far as the journal knows.</summary>
    public async Task<ImmutableArray<HotfixDebt>> FindHotfixesAsync(EnvironmentSpec environment, CancellationToken cancellationToken) =>
        HotfixDebts.Of(environment, await store.ReadJournalAsync(environment.Name, cancellationToken));

    /// <summary>Records what the full tests of a hotfix said after it went live.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="hotfix">The hotfix.</param>
    /// <param name="hasPassed">Whether they passed.</param>
    /// <param name="summary">What they said, as one line.</param>
    /// <param name="log">Told who is waited for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task FollowUpAsync(EnvironmentSpec environment, HotfixDebt hotfix, bool hasPassed, string summary, Action<string> log, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(environment, log, cancellationToken);
        await session.Lock.AppendAsync(new JournalEvent.FollowedUp(hotfix.Release, hasPassed, summary, options.By), CancellationToken.None);
    }

    /// <summary>How what runs differs from what is configured and was deployed. Changes nothing.</summary>
    public async Task<Drift> FindDriftAsync(EnvironmentSpec environment, CancellationToken cancellationToken)
    {
        var live = (await HistoryAsync(environment.Name, cancellationToken)).Live?.Target;
        return DriftFinder.Find(environment.Name, WishOf(environment, live), live, await platforms(environment).ObserveAsync(cancellationToken));
    }

    /// <summary>
    /// Makes what runs what it should be: brings up what has vanished, takes away what nobody deployed, gives the traffic back, and, where the configuration has changed
    /// since, deploys the live release with it, by all the rules of a deployment.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="log">Told what is done, line by line.</param>
    /// <param name="cancellationToken">As for a deployment.</param>
    /// <returns>What was done, for people.</returns>
    /// <exception cref="UserErrorException">Something else is under way, a rule refuses, or it failed.</exception>
    public async Task<string> ReconcileAsync(EnvironmentSpec environment, Action<string> log, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(environment, log, cancellationToken);
        RefuseOverUnfinished(environment, session.History);
        if (session.History.Unfinished is { IsWaiting: true } waiting)
        {
            throw new UserErrorException(
                $"{waiting.Target!.Release.Version} waits for approval on {environment.Name}.", $"Deploy it, or withdraw it first: ./build.sh :abort {environment.Name}");
        }

        if (session.History.Live?.Target is not { } live)
        {
            throw new UserErrorException(
                $"Nothing was deployed to {environment.Name} that what runs could be reconciled with.", $"Deploy a release to it, or ':down {environment.Name}' takes away what runs.");
        }

        if (WishOf(environment, live) is { } wish && !wish.MeansTheSameAs(live))
        {
            var decision = Decide(environment, live.Release, await RecordedAsync(environment, live.Release, cancellationToken));
            ThrowIfAny(decision.Problems);
            session.Decision = decision;
            await session.SettleAsync(OperationKind.Deploy, wish, cancellationToken);
            return await session.ReachAsync(OperationKind.Deploy, wish with { NeedsApproval = Resolve(environment, live.Release, decision).NeedsApproval }, cancellationToken)
                ? $"{environment.Name} runs {live.Release.Version} as it is configured."
                : $"{environment.Name} runs what is configured; nothing was changed.";
        }

        // What is live already needs nobody's consent to be live again.
        return await session.ReachAsync(OperationKind.Rollback, live, cancellationToken)
            ? $"{environment.Name} runs {live.Release.Version} again as it was deployed."
            : $"{environment.Name} runs what is configured; nothing was changed.";
    }

    /// <summary>Makes a copy of an environment's database.</summary>
    /// <returns>The copy.</returns>
    /// <exception cref="UserErrorException">The environment has none, or it could not be copied.</exception>
    public async Task<DatabaseBackup> BackUpAsync(EnvironmentSpec environment, Action<string> log, CancellationToken cancellationToken)
    {
        var database = DatabaseOf(environment);
        await using var session = await OpenAsync(environment, log, cancellationToken);
        RefuseOverUnfinished(environment, session.History);
        // What waits for consent goes on waiting.
        if (session.History.Unfinished is { IsWaiting: true })
            return await session.BackUpBesideAsync(database, cancellationToken);
        await session.WorkOnDatabaseAsync(OperationKind.BackUp, RolloutPlanner.PlanBackUp(environment.Name, database, session.History.Live?.Target), backup: null, cancellationToken);
        return session.LastBackup!;
    }

    /// <summary>Brings a copy of an environment's database back in place of what is there. What is live goes on running.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="backup">The copy.</param>
    /// <param name="acceptsDataLoss">Whether what was written since the copy may be lost.</param>
    /// <param name="log">Told what is done, line by line.</param>
    /// <param name="cancellationToken">Stops it where that leaves a whole database.</param>
    /// <exception cref="UserErrorException">Nobody accepts the loss, there is no database, or it failed; then the database is as it was.</exception>
    public async Task RestoreDatabaseAsync(EnvironmentSpec environment, DatabaseBackup backup, bool acceptsDataLoss, Action<string> log, CancellationToken cancellationToken)
    {
        var database = DatabaseOf(environment);
        if (!acceptsDataLoss)
        {
            throw new UserErrorException(
                $"Everything that was written into the database of {environment.Name} since {backup.At:yyyy-MM-dd HH:mm:ss} UTC would be lost to it.",
                $"When that is what you want: ./build.sh :restore {environment.Name} {backup.Id} --accept-data-loss. What is there now stays beside it under another name.")
            { ExitCode = 5 };
        }

        await using var session = await OpenAsync(environment, log, cancellationToken);
        RefuseOverUnfinished(environment, session.History, OperationKind.Restore);
        // One that was interrupted is given up for this one, and so is what waits for consent.
        if (session.History.Unfinished is not null)
            await session.SettleAsync(OperationKind.Rollback, wish: null, cancellationToken);
        await session.WorkOnDatabaseAsync(OperationKind.Restore, RolloutPlanner.PlanRestore(environment.Name, database, backup), backup, cancellationToken);
    }

    /// <summary>Runs the contracting migrations of what is live. The fallback, which could not go on without what they take away, goes first.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="now">Whether a fallback that is still kept may go.</param>
    /// <param name="log">Told what is done, line by line.</param>
    /// <param name="cancellationToken">Stops before anything is changed.</param>
    /// <returns>What was done, for people.</returns>
    /// <exception cref="UserErrorException">A fallback is still kept, or it failed.</exception>
    public async Task<string> ContractAsync(EnvironmentSpec environment, bool now, Action<string> log, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(environment, log, cancellationToken);
        RefuseOverUnfinished(environment, session.History, OperationKind.Contract);
        if (session.History.Unfinished is not null)
            await session.SettleAsync(OperationKind.Contract, wish: null, cancellationToken);
        if (session.History.Live is not { OwesContract: true } live)
            return $"No contracting migrations are due on {environment.Name}; nothing was changed.";
        var fallback = (await platforms(environment).ObserveAsync(cancellationToken)).Revisions.FirstOrDefault(x => x.RetiresAt is not null);
        if (fallback is not null && !now)
        {
            throw new UserErrorException(
                $"{fallback.Revision.Name} ({fallback.Version}) is kept as the fallback of {environment.Name} until {fallback.RetiresAt:HH:mm} UTC, and could not go on without what would be taken away.",
                $"Wait until then, or let it go now: ./build.sh :contract {environment.Name} --now")
            { ExitCode = 5 };
        }

        await ContractAsync(environment, session, live.Target, cancellationToken);
        return $"The database of {environment.Name} has what {live.Target.Release.Version} uses, and no more.";
    }

    /// <summary>What is live, what was interrupted, where one could go back to. Changes nothing and waits for nobody.</summary>
    public async Task<EnvironmentStatus> StatusAsync(EnvironmentSpec environment, CancellationToken cancellationToken)
    {
        var history = await HistoryAsync(environment.Name, cancellationToken);
        var holder = await store.FindHolderAsync(environment.Name, cancellationToken);
        var observed = await platforms(environment).ObserveAsync(cancellationToken);
        return StatusReader.Read(environment, history, holder, observed, HasArtifacts(environment));
    }

    /// <summary>
    /// Tells the deployment of an environment what to do. One that was interrupted is gone on with or taken back here and now.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="action">Pause, resume, promote or abort.</param>
    /// <param name="log">Told what is done, line by line.</param>
    /// <param name="cancellationToken">Stops where that leaves the environment whole.</param>
    /// <returns>What was done, for people.</returns>
    /// <exception cref="UserErrorException">Nothing is under way there, or it failed.</exception>
    public async Task<string> OperateAsync(EnvironmentSpec environment, OperatorAction action, Action<string> log, CancellationToken cancellationToken)
    {
        var journal = await store.ReadJournalAsync(environment.Name, cancellationToken);
        var history = EnvironmentHistory.Of(journal);
        var isHeld = await store.FindHolderAsync(environment.Name, cancellationToken) is not null;
        if (isHeld && history.Unfinished is { } running && (running.Kind != OperationKind.Deploy || running.UndoReason is not null || running.IsPastReturn))
        {
            throw new UserErrorException(
                $"What is being done to {environment.Name} can no longer be asked to {Word(action)}: it is {(running.UndoReason is not null ? "being taken back" : running.Kind == OperationKind.Deploy ? "clearing up, with all traffic on the new release" : $"a {running.Kind.ToString().ToLowerInvariant()}, which runs to its end")}.",
                $"':status {environment.Name}' shows how far it is.");
        }

        if (action != OperatorAction.Abort && isHeld && await store.ReadRequestAsync(environment.Name, cancellationToken) is { Action: OperatorAction.Abort } abort
            && abort.Token == journal.LastOrDefault()?.Token)
        {
            throw new UserErrorException($"{abort.By} has asked already to take the deployment to {environment.Name} back.", $"':status {environment.Name}' shows how far it is.");
        }

        if (await store.RequestAsync(environment.Name, action, options.By, cancellationToken))
        {
            var holder = await store.FindHolderAsync(environment.Name, cancellationToken);
            return $"{(holder is null ? "The deployment" : $"The deployment by {holder}")} was asked to {Word(action)}. ':status {environment.Name}' shows what it does.";
        }

        if (history.Unfinished is not { } unfinished)
            throw new UserErrorException($"Nothing is being deployed to {environment.Name}.", $"':status {environment.Name}' shows what is live.");
        if (action is OperatorAction.Resume or OperatorAction.Promote && unfinished.IsBeforeConsent)
        {
            throw new UserErrorException(
                $"{unfinished.Target?.Release.Version} waits for approval on {environment.Name}{(unfinished.Awaiting is { } awaiting ? $": {awaiting.Missing}" : "")}.",
                "Run its deploy target again, which asks all rules anew; ':abort' withdraws it.")
            { ExitCode = ApprovalPendingException.Code };
        }

        if (action == OperatorAction.Pause)
            throw new UserErrorException($"The deployment of {unfinished.Target?.Release.Version ?? "nothing"} to {environment.Name} was interrupted: nothing moves there.", $"':resume {environment.Name}' goes on with it, ':abort {environment.Name}' takes it back.");
        await using var session = await OpenAsync(environment, log, cancellationToken);
        if (action == OperatorAction.Promote)
            await session.PromoteAsync(options.By, cancellationToken);
        var finished = await session.SettleAsync(
            action == OperatorAction.Abort ? OperationKind.Rollback : unfinished.Kind, action == OperatorAction.Abort ? null : unfinished.Target, cancellationToken);
        // What is said to be live now may have vanished with its machine.
        if (session.History.Live?.Target is { } stable)
            await session.ReachAsync(OperationKind.Rollback, stable, cancellationToken);
        await session.PruneAsync();
        return session.History.Live?.Target.Release is { } live
            ? $"{live.Application} {live.Version} is live on {environment.Name}{(finished ? "" : "; the interrupted deployment was taken back")}."
            : $"Nothing is live on {environment.Name}.";
    }

    /// <summary>Takes the lock away from whoever holds it, on purpose.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="reason">Why; the journal keeps it.</param>
    /// <param name="log">Told what is done, line by line.</param>
    /// <param name="cancellationToken">Stops before anything is changed.</param>
    /// <returns>What was done, for people.</returns>
    public async Task<string> BreakLockAsync(EnvironmentSpec environment, string reason, Action<string> log, CancellationToken cancellationToken)
    {
        if (await store.BreakLockAsync(environment.Name, cancellationToken) is not { } holder)
            return $"Nobody holds the lock of {environment.Name}; nothing was changed.";
        await using var session = await OpenAsync(environment, log, CancellationToken.None);
        await session.Lock.AppendAsync(new JournalEvent.OperatorActed(OperatorAction.BreakLock, options.By, reason), CancellationToken.None);
        var platform = platforms(environment);
        // The platform must hear of the higher token, or it would still obey the former holder.
        if (!(await platform.ObserveAsync(CancellationToken.None)).Revisions.IsEmpty)
            await platform.PrepareAsync([], session.Lock.Token, CancellationToken.None);
        return $"The lock of {environment.Name} was taken from {holder}. Whatever that command still tries is refused; the next one continues or undoes what it began.";
    }

    /// <summary>What was done to an environment, the latest last.</summary>
    public async Task<ImmutableArray<HistoryEntry>> HistoryOfAsync(EnvironmentSpec environment, CancellationToken cancellationToken) =>
        HistoryReader.Read(await store.ReadJournalAsync(environment.Name, cancellationToken));

    static string Word(OperatorAction action) => action.ToString().ToLowerInvariant();

    DeploymentTarget Resolve(EnvironmentSpec environment, ReleaseManifest release, PolicyDecision decision) =>
        TargetResolver.Resolve(environment, release, options.Flags.DefaultFileOf(environment)) with
        {
            NeedsApproval = environment.Approvals.Required || (!decision.Bypassed.IsEmpty && environment.Bypass is not null),
        };

    PolicyDecision Decide(EnvironmentSpec environment, ReleaseManifest release, IEnumerable<Refusal> refusals) =>
        PolicyDecision.Of(refusals, options.Bypass, environment.Hotfix.IsFor(release.Branch) ? environment.Hotfix.Skip : []);

    /// <summary>What the live release would be deployed as now; null where nothing is live, or it no longer fits.</summary>
    DeploymentTarget? WishOf(EnvironmentSpec environment, DeploymentTarget? live) =>
        live is not null && environment.Services.All(x => live.Release.Artifact(x.Artifact) is not null) ? Resolve(environment, live.Release, PolicyDecision.Nothing) : null;

    static DatabaseSpec DatabaseOf(EnvironmentSpec environment) => environment.Database ?? throw new UserErrorException(
        $"{environment.Name} has no database.", "Describe it under 'database:' of the environment; docs/database.md shows how.");

    async Task ContractAsync(EnvironmentSpec environment, DeploymentSession session, DeploymentTarget live, CancellationToken cancellationToken) =>
        await session.WorkOnDatabaseAsync(
            OperationKind.Contract, RolloutPlanner.PlanContract(environment.Name, live, await platforms(environment).ObserveAsync(cancellationToken)), backup: null, cancellationToken);

    /// <summary>The release is live, whatever becomes of this: it is tried again by ':contract' and by the next deployment.</summary>
    async Task TryContractAsync(EnvironmentSpec environment, DeploymentSession session, DeploymentTarget live, Action<string> log, CancellationToken cancellationToken)
    {
        try
        {
            await ContractAsync(environment, session, live, cancellationToken);
        }
        catch (UserErrorException exception) when (exception is not FencedOffException)
        {
            log($"WARNING: the contracting migrations of {live.Release.Version} did not succeed and are still owed: {exception.Message}");
            log($"  They are tried again by './build.sh :contract {environment.Name}' and by the next deployment. Going back behind {live.Release.Version} asks what is to become of the database.");
        }
    }

    /// <summary>The database is not worked on in the middle of a rollout.</summary>
    static void RefuseOverUnfinished(EnvironmentSpec environment, EnvironmentHistory history, OperationKind? own = null)
    {
        if (history.Unfinished is { } unfinished && unfinished.Kind != own && unfinished is { IsWaiting: false, Kind: not OperationKind.BackUp })
        {
            throw new UserErrorException(
                $"What {unfinished.By} began on {environment.Name} ({unfinished.Kind.ToString().ToLowerInvariant()}) has not ended.",
                $"End it first: ':resume {environment.Name}' goes on with it, ':abort {environment.Name}' takes it back.");
        }
    }

    /// <summary>Before anything is risked, it is said when the way back is already broken.</summary>
    void WarnOfMissingFallback(EnvironmentSpec environment, EnvironmentHistory history, Action<string> log)
    {
        if (history.Live?.Target is { } live && !HasArtifacts(environment)(live))
            log($"WARNING: the artifacts of {live.Release.Version}, which is live on {environment.Name}, are not kept any more: once its processes have gone it cannot be rolled back to.");
    }

    /// <summary>Without the store: the traffic alone, to what runs already. The next command that reaches the store does the rest.</summary>
    static async Task<DeploymentOutcome> GiveBackAsync(EnvironmentSpec environment, DeploymentSession session, string? toVersion, CancellationToken cancellationToken)
    {
        var history = session.History;
        var live = history.Live?.Target;
        var target = history.Unfinished is not null ? live
            : toVersion is not null ? history.Recent.Select(x => x.Target).FirstOrDefault(x => x.Release.Version == toVersion)
            : history.Before.IsEmpty ? null : history.Before.Peek().Target;
        if (target is null || (toVersion is not null && target.Release.Version != toVersion))
        {
            throw new UserErrorException(
                $"The store is out of reach, and by what this machine last knew of it the traffic of {environment.Name} cannot be given back to {toVersion ?? "an earlier release"}.",
                history.Unfinished is not null && live is not null ? $"An unfinished deployment can be taken back to {live.Release.Version}." : "Make the store reachable and run this again.");
        }

        var moved = await session.GiveBackAsync(target, cancellationToken);
        var now = $"{target.Release.Application} {target.Release.Version} has all traffic of {environment.Name}";
        return new DeploymentOutcome(
            DeploymentResult.RolledBack,
            target.Release.Version,
            moved ? $"{now}. The store was out of reach: run the same command again when it is back, which finishes and records this." : $"{now} already; nothing was changed.");
    }

    DeploymentTarget ChooseEarlier(EnvironmentSpec environment, EnvironmentHistory history, string? toVersion)
    {
        var hasArtifacts = HasArtifacts(environment);
        var live = history.Live?.Target;
        var atHand = history.Recent.Select(x => x.Target).Where(x => (live is null || !x.RunsTheSameAs(live)) && hasArtifacts(x)).ToList();
        var versions = atHand.Select(x => x.Release.Version).Distinct(StringComparer.Ordinal).ToList();
        var hint = versions.Count == 0 ? "No earlier release is kept; deploy one." : $"At hand: {string.Join(", ", versions)}. Choose with '--to VERSION'.";
        if (toVersion is not null)
        {
            if (live?.Release.Version == toVersion)
                return live;
            // What was rolled back itself is not behind the live release: going to it again is a deployment, and by its rules.
            if ((environment.IsProtected || environment.Approvals.Required) && live is not null && !history.Before.Any(x => x.Target.Release.Version == toVersion) && atHand.Exists(x => x.Release.Version == toVersion))
            {
                throw new UserErrorException(
                    $"{toVersion} was rolled back on {environment.Name} itself; to make it live again is a deployment, by all the rules of one.", $"Deploy it: --release {toVersion}. Behind {live.Release.Version}: {string.Join(", ", history.Before.Select(x => x.Target.Release.Version).Distinct())}.")
                { ExitCode = 5 };
            }

            return atHand.Find(x => x.Release.Version == toVersion)
                ?? throw new UserErrorException($"{environment.Name} cannot be rolled back to {toVersion}: no such release is kept.", hint);
        }

        if (history.Before.IsEmpty)
            throw new UserErrorException(live is null ? $"Nothing is live on {environment.Name}." : $"There is nothing before {live.Release.Version} on {environment.Name} to go back to.", hint);
        var before = history.Before.Peek().Target;
        return hasArtifacts(before) ? before : throw new UserErrorException($"The artifacts of {before.Release.Version}, which was live on {environment.Name} before, are no longer kept.", hint);
    }

    Func<DeploymentTarget, bool> HasArtifacts(EnvironmentSpec environment) =>
        target => target.ArtifactDigests.All(x => store.FindArtifact(environment.Name, x) is not null);

    /// <summary>What the manifest, the records and further rules say against it.</summary>
    async Task<ImmutableArray<Refusal>> RecordedAsync(EnvironmentSpec environment, ReleaseManifest release, CancellationToken cancellationToken)
    {
        var verified = environment.RequiresVerifiedOn is { } required && (await HistoryAsync(required, cancellationToken)).Verified.ContainsKey(release.Digest);
        var live = environment.IsProtected ? (await HistoryAsync(environment.Name, cancellationToken)).Live : null;
        return
        [
            .. Preconditions.Of(environment, release, _ => verified, options.Time.GetUtcNow()),
            .. live is not null && !HasArtifacts(environment)(live.Target) ? (Refusal[])[Preconditions.NoWayBack(environment, live)] : [],
            .. await options.FurtherRules(environment, release, cancellationToken),
        ];
    }

    async Task<EnvironmentHistory> HistoryAsync(string environment, CancellationToken cancellationToken) =>
        EnvironmentHistory.Of(await store.ReadJournalAsync(environment, cancellationToken));

    async Task<DeploymentSession> OpenAsync(EnvironmentSpec environment, Action<string> log, CancellationToken cancellationToken, bool allowOffline = false)
    {
        var held = await store.LockAsync(
            environment.Name,
            new LockRequest
            {
                User = options.User,
                Host = options.Host,
                ProcessId = Environment.ProcessId,
                Command = options.Command,
                Wait = options.LockWait,
                AllowOffline = allowOffline,
                OnWaiting = x => log(x is null ? $"Waiting for another deployment of {environment.Name} …" : $"Waiting for {x} …"),
            },
            cancellationToken);
        try
        {
            return await DeploymentSession.OpenAsync(environment, platforms(environment), store, held, options, log, cancellationToken);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    static void ThrowIfAny(ImmutableArray<Problem> problems)
    {
        if (!problems.IsEmpty)
            throw new ProblemsException(problems);
    }
}
