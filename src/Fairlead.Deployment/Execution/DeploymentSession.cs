using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>One command's work on an environment while it holds the lock.</summary>
sealed class DeploymentSession : IAsyncDisposable
{
    readonly EnvironmentSpec _environment;
    readonly IPlatform _platform;
    readonly IDeploymentStore _store;
    readonly DeployerOptions _options;
    readonly Action<string> _log;
    readonly PlanRunner _runner;
    bool _isRestoring;

    DeploymentSession(
        EnvironmentSpec environment, IPlatform platform, IDeploymentStore store, IDeploymentLock held, DeployerOptions options, Action<string> log)
    {
        _environment = environment;
        _platform = platform;
        _store = store;
        _options = options;
        _log = log;
        Lock = held;
        _runner = new PlanRunner(environment, platform, store, held, options, log, ApproveAsync);
    }

    public IDeploymentLock Lock { get; }

    /// <summary>What somebody wants to become of the database, also when an interrupted rollback goes on; null: what the rollback began with.</summary>
    public DatabaseChoice? Choice { get; set; }

    /// <summary>What the rules said, and what was bypassed.</summary>
    public PolicyDecision Decision { get; set; } = PolicyDecision.Nothing;

    public EnvironmentHistory History { get; private set; } = new();

    /// <summary>What went wrong without ending the operation.</summary>
    public IReadOnlyList<string> Warnings => _runner.Warnings;

    public static async Task<DeploymentSession> OpenAsync(
        EnvironmentSpec environment, IPlatform platform, IDeploymentStore store, IDeploymentLock held, DeployerOptions options, Action<string> log,
        CancellationToken cancellationToken)
    {
        var session = new DeploymentSession(environment, platform, store, held, options, log);
        await session.ReadHistoryAsync(cancellationToken);
        return session;
    }

    /// <summary>
    /// Ends an operation that was interrupted. What leads to the wish goes on; what is past return, or has all the traffic already (and
    /// nobody wants it back), is finished; everything else is taken back.
    /// </summary>
    /// <returns>Whether an operation was finished, not taken back.</returns>
    public async Task<bool> SettleAsync(OperationKind kind, DeploymentTarget? wish, CancellationToken cancellationToken)
    {
        if (History.Unfinished is not { } unfinished)
            return false;
        if (!unfinished.IsRollout)
            return await SettleDatabaseAsync(kind, unfinished, cancellationToken);
        if (unfinished.Target is not { } target)
        {
            _log($"An interrupted ':down' by {unfinished.By} is finished first.");
            await RunAsync(RolloutPlanner.PlanDown(_environment.Name), tolerant: false, cancellationToken);
            return true;
        }

        var name = $"{target.Release.Application} {target.Release.Version}";
        if (unfinished.UndoReason is { } reason)
        {
            _log($"The deployment of {name} by {unfinished.By} was being taken back when it was interrupted ({reason}). That is finished first.");
            await UndoAsync(target);
            return false;
        }

        var isWish = wish is not null && unfinished.Kind == kind && target.MeansTheSameAs(wish);
        if (unfinished.IsWaiting && !isWish)
        {
            _log($"{name}, which {unfinished.By} wanted to deploy, waited for approval and is withdrawn.");
            await RunAsync(RolloutPlanner.PlanWithdraw(_environment.Name, target), tolerant: false, cancellationToken);
            return false;
        }

        var observed = await ObserveAsync(cancellationToken);
        if (unfinished.IsPastReturn)
            return await FinishAsync(unfinished, target, observed, cancellationToken);

        if (WhyTakenBack(unfinished, target, observed, kind, isWish) is { } why)
        {
            _log($"The deployment of {name} by {unfinished.By} was interrupted and is taken back. {why}");
            await Lock.AppendAsync(new JournalEvent.UndoStarted($"It was interrupted. {why}".TrimEnd()), cancellationToken);
            await UndoAsync(target);
            return false;
        }

        _log(unfinished.IsWaiting ? $"{name}, which {unfinished.By} wanted to deploy, waited for approval." : $"The deployment of {name} by {unfinished.By} was interrupted and goes on.");
        try
        {
            // What this command wants may need consent, or rules to be bypassed, that the other did not.
            if (isWish && wish!.NeedsApproval != target.NeedsApproval)
                target = target with { NeedsApproval = wish.NeedsApproval };
            await RecordDecisionAsync();
            await GoAsync(
                RolloutPlanner.Plan(_environment.Name, unfinished.Kind, target, History.Live?.Target, observed, StillDone(unfinished), ReturnOf(unfinished, target)), unfinished.Kind, target, cancellationToken);
            return true;
        }
        catch (StepFailedException exception) when (!isWish)
        {
            _log(exception.Display);
            return false;
        }
    }

    /// <summary>Why an interrupted operation is taken back (maybe without a further reason); null when it goes on.</summary>
    string? WhyTakenBack(UnfinishedOperation unfinished, DeploymentTarget target, PlatformState observed, OperationKind kind, bool isWish)
    {
        if (observed.GuardActedAt is { } at && unfinished.Kind == OperationKind.Deploy)
            return $"Its command was lost, and the platform gave the traffic back at {at:yyyy-MM-dd HH:mm:ss} UTC.";

        if (isWish)
            return unfinished is { Kind: OperationKind.Deploy, IsWaiting: false } && target.Policy.Interrupted == InterruptedDeployment.Rollback ? $"{_environment.Name} says 'interrupted: rollback'." : null;
        if (kind == OperationKind.Rollback)
            return "";
        return RolloutPlanner.IsJudged(unfinished, target, History.Live?.Target, observed) ? null : "";
    }

    /// <summary>Ends an operation that had begun to retire the old revisions, unless the new ones have fallen meanwhile and the old ones are still there.</summary>
    async Task<bool> FinishAsync(UnfinishedOperation unfinished, DeploymentTarget target, PlatformState observed, CancellationToken cancellationToken)
    {
        var name = $"{target.Release.Application} {target.Release.Version}";
        if (Lacking(target, observed) is { } lacking)
        {
            if (History.Live is { } live && live.Target.Services.All(x => observed.Find(x.Revision.Name)?.Phase == RevisionPhase.Healthy))
            {
                _log($"The deployment of {name} by {unfinished.By} was interrupted at its end, and {lacking}; {live.Target.Release.Version} is still there, so it is taken back.");
                await Lock.AppendAsync(new JournalEvent.UndoStarted($"It was interrupted, and {lacking}."), cancellationToken);
                await UndoAsync(target);
                return false;
            }

            // Nothing that is well is retired here. What comes next brings up what is missing first.
            _log($"The deployment of {name} by {unfinished.By} was interrupted at its end, and {lacking}. Only its end is recorded.");
            await RunAsync(RolloutPlanner.PlanRecord(_environment.Name, target, ReturnOf(unfinished, target)), tolerant: false, cancellationToken);
            return true;
        }

        _log($"The deployment of {name} by {unfinished.By} was interrupted at its end and is finished.");
        await RunAsync(RolloutPlanner.PlanFinish(_environment.Name, target, History.Live?.Target, observed, ReturnOf(unfinished, target)), tolerant: false, cancellationToken);
        return true;
    }

    /// <summary>Ends the stage in which an interrupted deployment stood, as passed.</summary>
    public async Task PromoteAsync(string by, CancellationToken cancellationToken)
    {
        await Lock.AppendAsync(new JournalEvent.OperatorActed(OperatorAction.Promote, by), cancellationToken);
        if (History.Unfinished is { UndoReason: null } unfinished && unfinished.Intended.LastOrDefault() is { } last && RolloutStep.IsStage(last))
            await Lock.AppendAsync(new JournalEvent.StepDone(last), cancellationToken);
        await ReadHistoryAsync(cancellationToken);
    }

    /// <summary>Makes the wish live.</summary>
    /// <returns>Whether there was anything to do.</returns>
    public async Task<bool> ReachAsync(OperationKind kind, DeploymentTarget wish, CancellationToken cancellationToken, DatabaseReturn? database = null)
    {
        var observed = await ObserveAsync(cancellationToken);
        var live = History.Live?.Target;
        var target = RolloutPlanner.Aim(wish, live, History.LastOrdinal, observed, kind);
        var plan = RolloutPlanner.Plan(_environment.Name, kind, target, live, observed, done: null, database);
        if (plan.IsEmpty)
            return false;
        _log(plan.Title);
        await StartAsync(kind, target, plan, plan.Steps.OfType<RolloutStep.Restore>().FirstOrDefault()?.Backup, cancellationToken);
        await RecordDecisionAsync();
        await GoAsync(plan, kind, target, cancellationToken);
        return true;
    }

    /// <summary>Works on the database alone: copies it, brings a copy back, runs the contracting migrations of what is live.</summary>
    public async Task WorkOnDatabaseAsync(OperationKind kind, RolloutPlan plan, DatabaseBackup? backup, CancellationToken cancellationToken)
    {
        _log(plan.Title);
        await StartAsync(kind, History.Live?.Target, plan, backup, cancellationToken);
        try
        {
            await RunAsync(plan, tolerant: false, cancellationToken);
        }
        catch (Exception exception) when (exception is not FencedOffException && kind != OperationKind.Restore)
        {
            // There is nothing to go on with, and nothing must be kept waiting: the next one begins anew.
            await Lock.AppendAsync(new JournalEvent.OperationFinished(OperationResult.Undone), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Makes a copy of the database beside an operation that waits, which goes on waiting.</summary>
    public async Task<DatabaseBackup> BackUpBesideAsync(DatabaseSpec database, CancellationToken cancellationToken)
    {
        var backup = await _options.Database.BackUpAsync(_runner.WorkOf(database, History.Live?.Target.Release.Version, artifactDigest: null), cancellationToken);
        await Lock.AppendAsync(new JournalEvent.BackedUp(backup), CancellationToken.None);
        return backup;
    }

    /// <summary>The copy that was made by <see cref="WorkOnDatabaseAsync"/>.</summary>
    public DatabaseBackup? LastBackup => _runner.LastBackup;

    /// <summary>Gives all traffic to a release that was live and runs, and does nothing else: what comes after it is left unfinished in the journal.</summary>
    /// <returns>Whether there was anything to do.</returns>
    /// <exception cref="UserErrorException">Not all of it runs.</exception>
    public async Task<bool> GiveBackAsync(DeploymentTarget release, CancellationToken cancellationToken)
    {
        var observed = await _platform.ObserveAsync(cancellationToken);
        var target = RolloutPlanner.Aim(release, History.Live?.Target, History.LastOrdinal, observed, OperationKind.Rollback);
        var lacking = target.Services.Where(x => observed.Find(x.Revision.Name)?.Phase != RevisionPhase.Healthy).Select(x => x.Name).ToList();
        if (lacking.Count > 0)
        {
            throw new UserErrorException(
                $"The store is out of reach, and without it traffic can only be given to what runs: {string.Join(", ", lacking)} of {target.Release.Version} does not run healthily on {_environment.Name}.",
                "Nothing was changed. Make the store reachable and run this again.");
        }

        var steps = target.Services
            .Select(x => new RolloutStep.Switch(x.Name, observed.WeightsOf(x.Name), TrafficWeights.AllTo(x.Revision.Name)))
            .Where(x => x.From != x.To)
            .ToList();
        if (steps.Count == 0)
            return false;
        if (History.Unfinished is null)
            await _runner.AppendAsync(new JournalEvent.OperationStarted(OperationKind.Rollback, target, [.. steps.Select(x => x.Id)], _options.By), tolerant: true);
        else if (History.Unfinished is { UndoReason: null, Kind: OperationKind.Deploy })
            await _runner.AppendAsync(new JournalEvent.UndoStarted("Somebody asked for it while the store was out of reach."), tolerant: true);
        await RunAsync(new RolloutPlan($"Give the traffic of {_environment.Name} back to {target.Release.Version}", [.. steps]), tolerant: true, CancellationToken.None);
        return true;
    }

    /// <summary>Stops everything, whatever else was going on.</summary>
    public async Task TakeDownAsync(CancellationToken cancellationToken)
    {
        var plan = RolloutPlanner.PlanDown(_environment.Name);
        await Lock.AppendAsync(new JournalEvent.OperationStarted(OperationKind.Down, Target: null, [.. plan.Steps.Select(x => x.Id)], _options.By), cancellationToken);
        await RunAsync(plan, tolerant: false, CancellationToken.None);
    }

    /// <summary>Deletes the artifacts of releases that are too old to go back to.</summary>
    public async Task PruneAsync()
    {
        // With a file that cannot be read nobody knows how many are to be kept.
        if (_environment.Services.IsEmpty)
            return;
        var keep = History.Recent.Take(_environment.KeptReleases).Select(x => x.Target).ToList();
        if (History.Live is { } live)
            keep.Add(live.Target);
        try
        {
            await Lock.PruneArtifactsAsync(keep.SelectMany(x => x.ArtifactDigests).ToHashSet(StringComparer.Ordinal), CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _log($"Old artifacts could not be deleted: {exception.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        await Lock.DisposeAsync();
    }

    async Task StartAsync(OperationKind kind, DeploymentTarget? target, RolloutPlan plan, DatabaseBackup? backup, CancellationToken cancellationToken)
    {
        await Lock.AppendAsync(
            new JournalEvent.OperationStarted(kind, target, [.. plan.Steps.Select(x => x.Id)], _options.By)
            {
                Backup = backup,
                Database = kind == OperationKind.Rollback ? Choice ?? DatabaseChoice.AsConfigured : null,
            },
            cancellationToken);
        await ReadHistoryAsync(CancellationToken.None);
    }

    /// <summary>What was bypassed or left out stands in the journal before anything happens.</summary>
    async Task RecordDecisionAsync()
    {
        if (!Decision.Skipped.IsEmpty)
        {
            _log($"Left out on the short path of hotfixes: {string.Join(", ", Decision.Skipped.Select(x => x.Rule).Distinct())}.");
            await Lock.AppendAsync(new JournalEvent.RulesBypassed(Decision.Skipped, JournalEvent.RulesBypassed.Hotfix, _options.By), CancellationToken.None);
        }

        if (Decision.Bypassed.IsEmpty)
            return;
        foreach (var rule in Decision.Bypassed)
            _log($"BYPASSED '{rule.Rule}': {rule.Message}");
        await Lock.AppendAsync(new JournalEvent.RulesBypassed(Decision.Bypassed, _options.Bypass!.Reason, _options.By), CancellationToken.None);
    }

    /// <summary>Goes on when those have consented whose consent is needed; otherwise the deployment stays pending.</summary>
    async Task ApproveAsync(CancellationToken cancellationToken)
    {
        var target = _runner.Target!;
        var request = ApprovalRequests.Of(_environment, target.Release, History.Round, Decision.Bypassed, _options.Bypass?.Reason);
        var verdict = await _options.Approvals.JudgeAsync(_environment, request, [.. History.Approvals.Select(x => x.Approval)], History.Live?.Target.Release.Commit, History.Unfinished?.Awaiting?.Deployers ?? [], cancellationToken);
        foreach (var line in verdict.Lines)
            _log($"  {line}");
        if (!verdict.IsEnough)
        {
            if (History.Unfinished?.Awaiting is not { } awaiting || awaiting.Request != request || awaiting.Missing != verdict.Summary)
                await Lock.AppendAsync(new JournalEvent.Awaiting(request, verdict.Summary) { Deployers = verdict.Deployers }, CancellationToken.None);
            throw new ApprovalPendingException(
                $"{target.Release.Application} {target.Release.Version} waits for approval on {_environment.Name}: {verdict.Summary}. Nothing was changed.",
                $"Those who may approve run './build.sh :approve {_environment.Name}'; then run the same command again. ':abort {_environment.Name}' withdraws it.");
        }

        _log($"Approved: {verdict.Summary}");
        if (verdict.Glass is { } glass)
        {
            _log($"THE GLASS WAS BROKEN by {glass.Principal}: {glass.Reason}. Somebody else has to countersign it: ./build.sh :approve {_environment.Name} --countersign");
            await Lock.AppendAsync(new JournalEvent.RulesBypassed([new BypassedRule(BrokenGlass.Rule, glass.Reason)], glass.Reason, glass.Principal), CancellationToken.None);
        }
    }

    /// <summary>Ends an interrupted work on the database. It must keep nobody from going back.</summary>
    async Task<bool> SettleDatabaseAsync(OperationKind kind, UnfinishedOperation unfinished, CancellationToken cancellationToken)
    {
        var live = History.Live?.Target;
        RolloutPlan? plan = unfinished switch
        {
            { Kind: OperationKind.Restore, Backup: { } backup } when (_environment.Database ?? live?.Database) is { } database => RolloutPlanner.PlanRestore(_environment.Name, database, backup),
            { Kind: OperationKind.Contract } when live?.Database is not null => RolloutPlanner.PlanContract(_environment.Name, live, await ObserveAsync(cancellationToken)),
            _ => null,
        };
        if (plan is not null && kind == unfinished.Kind)
        {
            _log($"What {unfinished.By} did to the database was interrupted and is finished: {plan.Title}.");
            await RunAsync(plan, tolerant: false, cancellationToken);
            return true;
        }

        // A copy that may be the wrong one is brought back by nobody who wants something else.
        if (unfinished is { Kind: OperationKind.Restore, Backup: { } wanted } && kind is not OperationKind.Rollback)
        {
            throw new UserErrorException(
                $"{unfinished.By} was bringing the database of {_environment.Name} back to {wanted.Id} when that was interrupted.",
                $"':resume {_environment.Name}' finishes it; ':abort {_environment.Name}' gives it up, with the database as it is now.");
        }

        _log($"What {unfinished.By} did to the database ({unfinished.Kind.ToString().ToLowerInvariant()}) was interrupted and is given up; the database is as it is.");
        await _runner.AppendAsync(new JournalEvent.OperationFinished(OperationResult.Undone), tolerant: true);
        await ReadHistoryAsync(CancellationToken.None);
        return false;
    }

    /// <summary>What is left to be done to the database by an interrupted rollback, as far as it has not begun to be.</summary>
    DatabaseReturn ReturnOf(UnfinishedOperation operation, DeploymentTarget target) => operation.Kind == OperationKind.Rollback
        ? DatabaseSchedule.Return(History, target, operation.Intended.Contains(RolloutStep.Restore.StepId) ? operation.Choice : Choice ?? operation.Choice).Without(operation.Done)
        : DatabaseReturn.Nothing;

    /// <summary>What an interrupted operation need not do again. A copy grows old while others write, and consent is for what it was given for.</summary>
    ImmutableHashSet<string> StillDone(UnfinishedOperation operation)
    {
        var done = operation.Done;
        if (!operation.Intended.Contains(RolloutStep.Migrate.ExpandId))
            done = done.Except([RolloutStep.BackUp.StepId, RolloutStep.Rehearse.StepId]);
        return Decision.Bypassed.All(x => operation.Bypassed.Contains(x.Rule)) ? done : done.Remove(RolloutStep.Approve.StepId);
    }

    /// <summary>Runs a plan that goes forward; when it fails before its point of no return, takes it back.</summary>
    async Task GoAsync(RolloutPlan plan, OperationKind kind, DeploymentTarget target, CancellationToken cancellationToken)
    {
        _runner.Target = target;
        _runner.LastBackup = History.Unfinished?.Backup;
        try
        {
            if (kind == OperationKind.Deploy)
                await _runner.RunForwardAsync(plan, cancellationToken);
            else
                await _runner.RunAsync(plan, tolerant: false, cancellationToken);
            await ReadHistoryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is FencedOffException or ApprovalPendingException)
        {
            throw;
        }
        catch (Exception exception)
        {
            await ReadHistoryAfterFailureAsync();
            if (History.Unfinished is null or { IsPastReturn: true })
                throw PastReturn(target, exception);
            await TakeBackAsync(target, exception);
            await RestoreAsync();
            if (exception is OperationCanceledException)
                throw;
            throw await FailedAsync(target, exception);
        }
    }

    async Task TakeBackAsync(DeploymentTarget target, Exception cause)
    {
        _log(cause is OperationCanceledException ? "Cancelled: what was begun is taken back." : "That failed: what was begun is taken back.");
        try
        {
            var reason = cause is OperationCanceledException ? "It was cancelled." : OneLine(cause.Message);
            await _runner.AppendAsync(new JournalEvent.UndoStarted(reason), tolerant: true);
            await UndoAsync(target);
        }
        catch (Exception exception) when (exception is not FencedOffException)
        {
            throw new UserErrorException(
                $"{Display(cause)}{Environment.NewLine}Taking it back did not succeed either: {exception.Message}",
                $"Run ':status' to see what has the traffic of {_environment.Name}, then ':rollback {_environment.Name}', which continues here.",
                exception);
        }
    }

    /// <summary>When what was live before has vanished, giving it the traffic back was not possible: it is brought up again from the artifacts that are kept.</summary>
    async Task RestoreAsync()
    {
        if (_isRestoring || History.Live?.Target is not { } live)
            return;
        _isRestoring = true;
        try
        {
            var observed = await _platform.ObserveAsync(CancellationToken.None);
            if (live.Services.All(x => observed.Find(x.Revision.Name) is not null))
                return;
            _log($"{live.Release.Version}, which was live before, is not there any more and is brought up again.");
            await ReachAsync(OperationKind.Rollback, live, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or (UserErrorException and not FencedOffException))
        {
            _log($"That did not succeed: {exception.Message}");
        }
        finally
        {
            _isRestoring = false;
        }
    }

    async Task UndoAsync(DeploymentTarget failed)
    {
        var observed = await ObserveAsync(CancellationToken.None);
        var plan = UndoPlanner.Plan(_environment.Name, failed, History.Live?.Target, observed, failed.Policy.RollbackMode == RollbackMode.Gradual, History.Unfinished);
        if (History.Unfinished is { Kind: OperationKind.Rollback, Backup: { } restored } && History.Unfinished.Done.Contains(RolloutStep.Restore.StepId))
            _runner.Warn($"The database was brought back to {restored.Id} and stays so, and {History.Live?.Target.Release.Version} may not work with it; what was there before is beside it.");
        if (failed.Database is { OnRollback: DatabaseFallback.Restore } && History.Unfinished?.Backup is { } copy && History.Unfinished.Intended.Contains(RolloutStep.Migrate.ExpandId)
            && !History.Unfinished.Done.Contains(RolloutStep.Restore.StepId) && !plan.Steps.OfType<RolloutStep.Restore>().Any())
        {
            _runner.Warn($"The database was not brought back to {copy.Id}, because something may have been written since. To do it all the same: ./build.sh :restore {_environment.Name} {copy.Id} --accept-data-loss");
        }

        await RunAsync(plan, tolerant: true, CancellationToken.None);
    }

    /// <summary>
    /// What is really there. Where nothing seems to run and something should (the machine was restarted, or the platform's own process
    /// died), the platform gets the chance to take up what it still has: planned without that, it would be left over afterwards.
    /// </summary>
    async Task<PlatformState> ObserveAsync(CancellationToken cancellationToken)
    {
        var observed = await _platform.ObserveAsync(cancellationToken);
        if (!observed.Revisions.IsEmpty || (History.Live?.Target ?? (History.Unfinished is { Intended.Count: > 0, IsBeforeConsent: false } begun ? begun.Target : null)) is not { } expected)
            return observed;
        _log($"Nothing runs on {_environment.Name}, and something should: whatever is still at hand is started again.");
        try
        {
            await _runner.AppendAsync(new JournalEvent.StepIntended("wake"), tolerant: true);
            await _platform.PrepareAsync(expected.Endpoints(), Lock.Token, cancellationToken);
        }
        catch (UserErrorException exception) when (exception is not FencedOffException)
        {
            // The plan that follows may be the very thing that mends it, for instance by another port.
            _log(exception.Display);
        }

        var start = _options.Time.GetTimestamp();
        var patience = expected.Services.Max(x => x.StartupTimeout);
        while (true)
        {
            observed = await _platform.ObserveAsync(cancellationToken);
            var isStarting = observed.Revisions.Any(x => x.Phase == RevisionPhase.Starting && observed.WeightsOf(x.Revision.Service).Of(x.Revision.Name) > 0);
            if (!isStarting || _options.Time.GetElapsedTime(start) >= patience)
                return observed;
            await Task.Delay(_options.PollInterval, _options.Time, cancellationToken);
        }
    }

    async Task RunAsync(RolloutPlan plan, bool tolerant, CancellationToken cancellationToken)
    {
        await _runner.RunAsync(plan, tolerant, cancellationToken);
        await ReadHistoryAsync(CancellationToken.None);
    }

    async Task ReadHistoryAsync(CancellationToken cancellationToken)
    {
        History = EnvironmentHistory.Of(await _store.ReadJournalAsync(_environment.Name, cancellationToken));
        _runner.Attempt = History.Unfinished is { } unfinished ? $"{unfinished.Since.UtcTicks:x}" : null;
        _runner.NeededBackups = [.. History.Recent.Take(_environment.KeptReleases).Append(History.Live).Select(x => x?.Backup?.Id).Append(History.Unfinished?.Backup?.Id).OfType<string>()];
    }

    async Task ReadHistoryAfterFailureAsync()
    {
        try
        {
            await ReadHistoryAsync(CancellationToken.None);
        }
        catch (IOException exception)
        {
            // What was read last is known to be no newer than the failed plan's beginning, and still names the stable revisions.
            _log($"The journal cannot be read ({exception.Message}).");
        }
    }

    async Task<StepFailedException> FailedAsync(DeploymentTarget target, Exception cause) =>
        new(string.Join(Environment.NewLine, [Display(cause), await NowAsync(target), .. Warnings]), Remedy(cause), cause);

    /// <summary>What serves now, as far as it can be seen.</summary>
    async Task<string> NowAsync(DeploymentTarget failed)
    {
        PlatformState observed;
        try
        {
            observed = await _platform.ObserveAsync(CancellationToken.None);
        }
        catch (UserErrorException exception)
        {
            return $"What serves {_environment.Name} now cannot be seen: {exception.Message}";
        }

        var left = failed.Services.Select(x => x.Revision.Name)
            .Where(x => observed.Find(x) is not null && History.Live?.Target.Services.Any(old => old.Revision.Name == x) != true).ToList();
        var gone = left.Count == 0 ? $"{failed.Release.Version} has been taken away" : $"{string.Join(", ", left)} of {failed.Release.Version} is still there";
        if (History.Live?.Target is not { } live)
            return $"Nothing is live on {_environment.Name}; {gone}.";
        return Lacking(live, observed) is { } lacking
            ? $"{live.Release.Version} should serve {_environment.Name} again, but {lacking}; {gone}."
            : $"{live.Release.Version} goes on serving {_environment.Name}; {gone}.";
    }

    /// <summary>What keeps a release from being live in fact; null when nothing does.</summary>
    static string? Lacking(DeploymentTarget target, PlatformState observed)
    {
        var lacking = target.Services
            .Select(x => observed.Find(x.Revision.Name) switch
            {
                null => $"{x.Revision.Name} is not there",
                { Phase: not RevisionPhase.Healthy } seen => $"{x.Revision.Name} is {seen.Phase.ToString().ToLowerInvariant()}",
                _ when observed.WeightsOf(x.Name) != TrafficWeights.AllTo(x.Revision.Name) => $"{x.Revision.Name} does not have the traffic",
                _ => null,
            })
            .OfType<string>()
            .ToList();
        return lacking.Count == 0 ? null : string.Join(", ", lacking);
    }

    UserErrorException PastReturn(DeploymentTarget target, Exception cause) => new(
        $"{target.Release.Version} has all traffic of {_environment.Name} and answers, but clearing up after it failed: {Display(cause)}",
        "Run the same command again: it finishes what is left.",
        cause);

    static string? Remedy(Exception cause) => (cause as UserErrorException)?.Remedy ?? "Mend it and deploy again; ':status' shows what is live.";

    static string Display(Exception cause) => cause.Message;

    /// <summary>What was listed below the first line is often the point.</summary>
    static string OneLine(string text)
    {
        const int Longest = 600;
        var line = string.Join(' ', text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }
}
