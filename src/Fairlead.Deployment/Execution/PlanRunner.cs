using System.Collections.Immutable;
using System.Diagnostics;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Does the steps of a plan, each between its intent and its outcome in the journal.</summary>
sealed class PlanRunner : IAsyncDisposable
{
    readonly EnvironmentSpec _environment;
    readonly IPlatform _platform;
    readonly IDeploymentStore _store;
    readonly IDeploymentLock _held;
    readonly DeployerOptions _options;
    readonly Action<string> _log;
    readonly OperatorDesk _desk;
    readonly StageWatcher _watcher;
    readonly GuardKeeper _keeper;
    readonly Func<CancellationToken, Task> _approve;
    bool _listens;

    public PlanRunner(
        EnvironmentSpec environment, IPlatform platform, IDeploymentStore store, IDeploymentLock held, DeployerOptions options, Action<string> log, Func<CancellationToken, Task> approve)
    {
        (_environment, _platform, _store, _held, _options, _log, _approve) = (environment, platform, store, held, options, log, approve);
        _desk = new OperatorDesk(environment.Name, store, held, log);
        _watcher = new StageWatcher(environment, platform, held, _desk, options, log);
        _keeper = new GuardKeeper(platform, held.Token, options.Time, log);
    }

    /// <summary>What the operation makes live; null where it makes nothing live.</summary>
    public DeploymentTarget? Target { get; set; }

    /// <summary>The name of the operation, the same when it is taken up again.</summary>
    public string? Attempt { get; set; }

    /// <summary>Names of the copies of the database to which somebody may go back.</summary>
    public ImmutableArray<string> NeededBackups { get; set; } = [];

    /// <summary>The copy of the database that the operation made; null before.</summary>
    public DatabaseBackup? LastBackup { get; set; }

    /// <summary>What went wrong without ending the operation, for its last message.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Runs all steps of a deployment. Until the old revisions begin to go, cancelling stops it, and operators are listened to.</summary>
    public async Task RunForwardAsync(RolloutPlan plan, CancellationToken cancellationToken)
    {
        _listens = true;
        try
        {
            foreach (var step in plan.Steps)
            {
                if (step is RolloutStep.Unguard or RolloutStep.Retire { IsBaseline: false } or RolloutStep.Record)
                    cancellationToken = CancellationToken.None;
                else
                    await ListenAsync(cancellationToken);
                await RunAsync(step, tolerant: false, cancellationToken);
            }
        }
        finally
        {
            _listens = false;
        }
    }

    /// <summary>Runs all steps of a plan that nobody may stop once it has moved traffic: a rollback, the way back, the end of something.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="tolerant">Whether to go on when the journal cannot be written: giving traffic back matters more.</param>
    /// <param name="cancellationToken">Stops the plan before the first switch of traffic.</param>
    public async Task RunAsync(RolloutPlan plan, bool tolerant, CancellationToken cancellationToken)
    {
        foreach (var step in plan.Steps)
        {
            if (step is RolloutStep.Switch)
                cancellationToken = CancellationToken.None;
            await RunAsync(step, tolerant, cancellationToken);
        }
    }

    /// <summary>Writes into the journal, which must not fail unless tolerated.</summary>
    public async Task AppendAsync(JournalEvent journalEvent, bool tolerant)
    {
        try
        {
            await _held.AppendAsync(journalEvent, CancellationToken.None);
        }
        catch (IOException exception) when (tolerant)
        {
            _log($"The journal cannot be written ({exception.Message}); traffic is given back all the same.");
            await KeepForLaterAsync(journalEvent);
        }
    }

    async Task KeepForLaterAsync(JournalEvent journalEvent)
    {
        try
        {
            await _held.KeepForLaterAsync(journalEvent);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _log($"It cannot be kept for later either: {exception.Message}");
        }
    }

    public async ValueTask DisposeAsync() => await _keeper.StopAsync();

    async Task RunAsync(RolloutStep step, bool tolerant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (step is RolloutStep.Record record)
        {
            await AppendAsync(new JournalEvent.OperationFinished(record.Result), tolerant);
            return;
        }

        _log($"{step.Id}: {step.Text}");
        await AppendAsync(new JournalEvent.StepIntended(step.Id), tolerant);
        await DoAsync(step, cancellationToken);
        await AppendAsync(new JournalEvent.StepDone(step.Id), tolerant);
    }

    Task DoAsync(RolloutStep step, CancellationToken cancellationToken) => step switch
    {
        RolloutStep.Approve => _approve(cancellationToken),
        RolloutStep.BackUp x => BackUpAsync(x, cancellationToken),
        RolloutStep.Rehearse x => RehearseAsync(x, cancellationToken),
        RolloutStep.Migrate x => MigrateAsync(x, cancellationToken),
        RolloutStep.Confirm x => _options.Database.ConfirmAsync(WorkOf(x.Database, x.Version, x.ArtifactDigest), cancellationToken),
        RolloutStep.Restore x => RestoreAsync(x, cancellationToken),
        RolloutStep.RunCheck x => CheckAsync(x, cancellationToken),
        RolloutStep.Prepare x => _platform.PrepareAsync(x.Endpoints, _held.Token, cancellationToken),
        RolloutStep.CloseOthers x => _platform.CloseOthersAsync(x.Endpoints, _held.Token, cancellationToken),
        RolloutStep.BringUp x => BringUpAsync(x, cancellationToken),
        RolloutStep.Scale x => ScaleAsync(x, cancellationToken),
        RolloutStep.AwaitHealthy x => AwaitHealthyAsync(x, cancellationToken),
        RolloutStep.Recheck x => RecheckAsync(x, cancellationToken),
        RolloutStep.Switch x => _platform.SetWeightsAsync(x.Service, x.To, _held.Token, cancellationToken),
        RolloutStep.Analyse x => _watcher.WatchAsync(x, cancellationToken),
        RolloutStep.Hold x => _watcher.HoldAsync(x, cancellationToken),
        RolloutStep.Wait x => Task.Delay(x.Duration, _options.Time, cancellationToken),
        RolloutStep.SetFlags x => _options.Flags.SetAsync(x.File, x.Flags, x.Share, cancellationToken),
        RolloutStep.Guard x => _keeper.StartAsync(x.Terms, cancellationToken),
        RolloutStep.Unguard => UnguardAsync(cancellationToken),
        RolloutStep.Verify x => VerifyAsync(x, cancellationToken),
        RolloutStep.Retire x => _platform.RetireAsync(x.Revision, x.After, _held.Token, cancellationToken),
        RolloutStep.Remove => _platform.RemoveAsync(_held.Token, cancellationToken),
        _ => throw new UnreachableException(),
    };

    async Task BackUpAsync(RolloutStep.BackUp step, CancellationToken cancellationToken)
    {
        var backup = await _options.Database.BackUpAsync(WorkOf(step.Database, step.Version, artifactDigest: null), cancellationToken);
        await _held.AppendAsync(new JournalEvent.BackedUp(backup), CancellationToken.None);
        LastBackup = backup;
    }

    Task RehearseAsync(RolloutStep.Rehearse step, CancellationToken cancellationToken) => _options.Database.RehearseAsync(
        WorkOf(step.Database, step.Version, step.ArtifactDigest),
        LastBackup ?? throw new StepFailedException("There is no copy of the database to try the migrations on."),
        step.MayContract,
        cancellationToken);

    async Task MigrateAsync(RolloutStep.Migrate step, CancellationToken cancellationToken)
    {
        try
        {
            await _options.Database.MigrateAsync(WorkOf(step.Database, step.Version, step.ArtifactDigest), step.Kind, cancellationToken);
        }
        catch (UserErrorException exception) when (!step.IsRequired && exception is not FencedOffException)
        {
            Warn($"The migrations of {step.Version} could not be taken back: {exception.Message}");
        }
    }

    async Task RestoreAsync(RolloutStep.Restore step, CancellationToken cancellationToken)
    {
        try
        {
            await _options.Database.RestoreAsync(WorkOf(step.Database, step.Backup.Release, artifactDigest: null), step.Backup, cancellationToken);
        }
        catch (UserErrorException exception) when (!step.IsRequired && exception is not FencedOffException)
        {
            Warn($"The database could not be brought back to {step.Backup.Id} and is as it was: {exception.Message}");
            return;
        }

        await AppendAsync(new JournalEvent.Restored(step.Backup, _options.By), tolerant: !step.IsRequired);
    }

    public DatabaseWork WorkOf(DatabaseSpec database, string? version, string? artifactDigest) => new()
    {
        Application = _environment.Application,
        Environment = _environment.Name,
        Database = database,
        Version = version,
        Artifact = artifactDigest is null ? null : _store.FindArtifact(_environment.Name, artifactDigest) ?? throw new StepFailedException(
            $"The artifact with the migrations of {version} ({artifactDigest}) is no longer in the store."),
        Attempt = Attempt,
        NeededBackups = NeededBackups,
        // Whoever has lost the lock in the meantime cannot append, and must not put another database in the place of this one.
        BeforeSwap = cancellation => _held.AppendAsync(new JournalEvent.StepIntended(RolloutStep.Restore.StepId), cancellation),
        Log = _log,
    };

    async Task CheckAsync(RolloutStep.RunCheck step, CancellationToken cancellationToken)
    {
        var target = Target!;
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        // The first service's variables win: it is the one whose address the check gets.
        foreach (var service in target.Services.Reverse())
        {
            foreach (var (name, value) in service.Variables.Concat(await SecretsOfAsync(service, cancellationToken)))
                variables[name] = value;
        }

        var outcome = await _options.Checks.RunAsync(step.Check, new CheckSubject(_environment.Name, target, variables.ToImmutable()), cancellationToken);
        await _held.AppendAsync(new JournalEvent.CheckDone(step.Id, outcome), CancellationToken.None);
        if (!outcome.HasPassed)
            throw new StepFailedException($"The check '{step.Check.Name}' of {_environment.Name} failed{(outcome.Attempts > 1 ? $" {outcome.Attempts} times" : "")}: {outcome.Detail}");
        _log($"check '{step.Check.Name}' passed: {outcome.Detail}");
    }

    /// <summary>Does what operators ask for between two steps; while it is paused, nothing more happens.</summary>
    async Task ListenAsync(CancellationToken cancellationToken)
    {
        var isPaused = false;
        while (true)
        {
            if (await _desk.NextAsync(cancellationToken) is { } request)
                isPaused = request.Action == OperatorAction.Pause;
            if (!isPaused)
                return;
            await Task.Delay(_options.PollInterval, _options.Time, cancellationToken);
        }
    }

    async Task UnguardAsync(CancellationToken cancellationToken)
    {
        await _keeper.StopAsync();
        await _platform.GuardAsync(null, _held.Token, cancellationToken);
    }

    async Task<RevisionSpec> SpecOfAsync(ServiceTarget service, string version, int replicas, CancellationToken cancellationToken) => SpecOf(
        service,
        version,
        replicas,
        _store.FindArtifact(_environment.Name, service.ArtifactDigest) ?? throw new StepFailedException(
            $"The artifact of {service.Revision.Name} ({service.ArtifactDigest}) is no longer in the store."),
        await SecretsOfAsync(service, cancellationToken));

    async Task<ImmutableSortedDictionary<string, string>> SecretsOfAsync(ServiceTarget service, CancellationToken cancellationToken)
    {
        var secrets = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        foreach (var (name, reference) in service.Secrets)
            secrets = secrets.SetItem(name, await _options.Secrets.ResolveAsync(reference, cancellationToken));
        return secrets;
    }

    static RevisionSpec SpecOf(ServiceTarget service, string version, int replicas, AbsolutePath artifact, ImmutableSortedDictionary<string, string> secrets) => new()
    {
        Revision = service.Revision,
        Version = version,
        ArtifactFile = artifact,
        Command = service.Command,
        Variables = service.Variables,
        Secrets = secrets,
        Replicas = replicas,
        Resources = service.Resources,
        Probe = service.Probe,
        DrainTimeout = service.DrainTimeout,
        StopGrace = service.StopGrace,
    };

    async Task BringUpAsync(RolloutStep.BringUp step, CancellationToken cancellationToken) =>
        await _platform.BringUpAsync(await SpecOfAsync(step.Service, step.Version, step.Replicas, cancellationToken), _held.Token, cancellationToken);

    async Task ScaleAsync(RolloutStep.Scale step, CancellationToken cancellationToken)
    {
        try
        {
            await _platform.BringUpAsync(await ScaledSpecOfAsync(step.Service, step.Version, step.To, cancellationToken), _held.Token, cancellationToken);
        }
        catch (UserErrorException exception) when (!step.IsRequired && exception is not FencedOffException)
        {
            Warn($"{step.Service.Revision.Name} could not get its replicas back: {exception.Message}");
        }
    }

    /// <summary>For a revision that is there only the number counts: what it takes to start one anew may be missing at night, and is not asked for.</summary>
    async Task<RevisionSpec> ScaledSpecOfAsync(ServiceTarget service, string version, int replicas, CancellationToken cancellationToken)
    {
        try
        {
            return await SpecOfAsync(service, version, replicas, cancellationToken);
        }
        catch (UserErrorException exception)
        {
            _log($"{service.Revision.Name} could not be started anew ({exception.Message}); its replicas are changed all the same.");
            return SpecOf(service, version, replicas, AbsolutePath.CurrentDirectory / "missing", ImmutableSortedDictionary<string, string>.Empty);
        }
    }

    async Task AwaitHealthyAsync(RolloutStep.AwaitHealthy step, CancellationToken cancellationToken)
    {
        var start = _options.Time.GetTimestamp();
        var told = RevisionPhase.Starting;
        while (true)
        {
            var seen = (await _platform.ObserveAsync(cancellationToken)).Find(step.Revision)
                ?? throw new StepFailedException($"{step.Revision} has vanished from {_environment.Name} while it was starting.");
            if (seen.Phase == RevisionPhase.Healthy)
                return;
            if (_options.Time.GetElapsedTime(start) >= step.Timeout)
            {
                var failure = $"{step.Revision} ({seen.Version}) did not get healthy on {_environment.Name} within {Durations.Format(step.Timeout)}: {State(seen)}";
                FailOrWarn(failure, step.IsRequired);
                return;
            }

            if (_listens)
                await ListenAsync(cancellationToken);
            if (seen.Phase != told)
                _log($"{step.Revision} is {Word(seen.Phase)}: {State(seen)}");
            told = seen.Phase;
            await Task.Delay(_options.PollInterval, _options.Time, cancellationToken);
        }
    }

    async Task RecheckAsync(RolloutStep.Recheck step, CancellationToken cancellationToken)
    {
        var observed = await _platform.ObserveAsync(cancellationToken);
        foreach (var revision in step.Revisions)
        {
            if (observed.Find(revision) is not { } seen)
                throw new StepFailedException($"{revision} has vanished from {_environment.Name} before it got traffic.");
            if (seen.Phase != RevisionPhase.Healthy)
                throw new StepFailedException($"{revision} ({seen.Version}) was healthy on {_environment.Name} and is not any more: {State(seen)}");
        }
    }

    async Task VerifyAsync(RolloutStep.Verify step, CancellationToken cancellationToken)
    {
        var start = _options.Time.GetTimestamp();
        while (await _options.Probe.AskAsync(step.Address, cancellationToken) is { } wrong)
        {
            if (_options.Time.GetElapsedTime(start) >= _options.VerifyTimeout)
            {
                var failure = $"{step.Revision} got the traffic of {_environment.Name}, but {step.Address} did not answer well within {Durations.Format(_options.VerifyTimeout)}: {wrong}.";
                FailOrWarn(failure, step.IsRequired);
                return;
            }

            await Task.Delay(_options.PollInterval, _options.Time, cancellationToken);
        }
    }

    void FailOrWarn(string failure, bool isRequired)
    {
        if (isRequired)
            throw new StepFailedException(failure);
        Warn(failure);
    }

    public void Warn(string message)
    {
        _log($"WARNING: {message}");
        Warnings.Add(message);
    }

    static string Word(RevisionPhase phase) => phase.ToString().ToLowerInvariant();

    static string State(ObservedRevision seen)
    {
        var replicas = $"{seen.HealthyReplicas} of {seen.Replicas} replicas {(seen.HealthyReplicas == 1 ? "is" : "are")} healthy.";
        return seen.Detail is null ? replicas : $"{replicas}{Environment.NewLine}{seen.Detail.TrimEnd()}";
    }
}
