using System.Diagnostics;

namespace Fairlead.Deployment;

/// <summary>Does the steps of a plan, each between its intent and its outcome in the journal.</summary>
sealed class PlanRunner(EnvironmentSpec environment, IPlatform platform, IDeploymentStore store, IDeploymentLock held, DeployerOptions options, Action<string> log)
{
    /// <summary>Runs all steps. Cancelling stops before the first switch of traffic; from then on the plan runs to its end, which is near.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="tolerant">Whether to go on when the journal cannot be written: giving traffic back matters more.</param>
    /// <param name="cancellationToken">Stops the plan while that leaves the old revisions serving.</param>
    public async Task RunAsync(RolloutPlan plan, bool tolerant, CancellationToken cancellationToken)
    {
        foreach (var step in plan.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step is RolloutStep.Switch)
                cancellationToken = CancellationToken.None;
            if (step is RolloutStep.Record record)
            {
                await AppendAsync(new JournalEvent.OperationFinished(record.Result), tolerant);
                continue;
            }

            log($"{step.Id}: {step.Text}");
            await AppendAsync(new JournalEvent.StepIntended(step.Id), tolerant);
            await RunAsync(step, cancellationToken);
            await AppendAsync(new JournalEvent.StepDone(step.Id), tolerant);
        }
    }

    /// <summary>Writes into the journal, which must not fail unless tolerated.</summary>
    public async Task AppendAsync(JournalEvent journalEvent, bool tolerant)
    {
        try
        {
            await held.AppendAsync(journalEvent, CancellationToken.None);
        }
        catch (IOException exception) when (tolerant)
        {
            log($"The journal cannot be written ({exception.Message}); traffic is given back all the same.");
        }
    }

    Task RunAsync(RolloutStep step, CancellationToken cancellationToken) => step switch
    {
        RolloutStep.Prepare x => platform.PrepareAsync(x.Endpoints, held.Token, cancellationToken),
        RolloutStep.CloseOthers x => platform.CloseOthersAsync(x.Endpoints, held.Token, cancellationToken),
        RolloutStep.BringUp x => platform.BringUpAsync(SpecOf(x), held.Token, cancellationToken),
        RolloutStep.AwaitHealthy x => AwaitHealthyAsync(x, cancellationToken),
        RolloutStep.Recheck x => RecheckAsync(x, cancellationToken),
        RolloutStep.Switch x => platform.SetWeightsAsync(x.Service, x.To, held.Token, cancellationToken),
        RolloutStep.Verify x => VerifyAsync(x, cancellationToken),
        RolloutStep.Retire x => platform.RetireAsync(x.Revision, held.Token, cancellationToken),
        RolloutStep.Remove => platform.RemoveAsync(held.Token, cancellationToken),
        _ => throw new UnreachableException(),
    };

    RevisionSpec SpecOf(RolloutStep.BringUp step) => new()
    {
        Revision = step.Service.Revision,
        Version = step.Version,
        ArtifactFile = store.FindArtifact(environment.Name, step.Service.ArtifactDigest) ?? throw new StepFailedException(
            $"The artifact of {step.Service.Revision.Name} ({step.Service.ArtifactDigest}) is no longer in the store."),
        Command = step.Service.Command,
        Variables = step.Service.Variables,
        Replicas = step.Service.Replicas,
        Probe = step.Service.Probe,
        DrainTimeout = step.Service.DrainTimeout,
        StopGrace = step.Service.StopGrace,
    };

    async Task AwaitHealthyAsync(RolloutStep.AwaitHealthy step, CancellationToken cancellationToken)
    {
        var start = options.Time.GetTimestamp();
        var told = RevisionPhase.Starting;
        while (true)
        {
            var seen = (await platform.ObserveAsync(cancellationToken)).Find(step.Revision)
                ?? throw new StepFailedException($"{step.Revision} has vanished from {environment.Name} while it was starting.");
            if (seen.Phase == RevisionPhase.Healthy)
                return;
            if (options.Time.GetElapsedTime(start) >= step.Timeout)
            {
                throw new StepFailedException(
                    $"{step.Revision} ({seen.Version}) did not get healthy on {environment.Name} within {Durations.Format(step.Timeout)}: {State(seen)}");
            }

            if (seen.Phase != told)
                log($"{step.Revision} is {Word(seen.Phase)}: {State(seen)}");
            told = seen.Phase;
            await Task.Delay(options.PollInterval, options.Time, cancellationToken);
        }
    }

    async Task RecheckAsync(RolloutStep.Recheck step, CancellationToken cancellationToken)
    {
        var observed = await platform.ObserveAsync(cancellationToken);
        foreach (var revision in step.Revisions)
        {
            if (observed.Find(revision) is not { } seen)
                throw new StepFailedException($"{revision} has vanished from {environment.Name} before it got traffic.");
            if (seen.Phase != RevisionPhase.Healthy)
                throw new StepFailedException($"{revision} ({seen.Version}) was healthy on {environment.Name} and is not any more: {State(seen)}");
        }
    }

    async Task VerifyAsync(RolloutStep.Verify step, CancellationToken cancellationToken)
    {
        var start = options.Time.GetTimestamp();
        while (await options.Probe.AskAsync(step.Address, cancellationToken) is { } wrong)
        {
            if (options.Time.GetElapsedTime(start) >= options.VerifyTimeout)
            {
                throw new StepFailedException(
                    $"{step.Revision} got the traffic of {environment.Name}, but {step.Address} did not answer well within {Durations.Format(options.VerifyTimeout)}: {wrong}.");
            }

            await Task.Delay(options.PollInterval, options.Time, cancellationToken);
        }
    }

    static string Word(RevisionPhase phase) => phase.ToString().ToLowerInvariant();

    static string State(ObservedRevision seen)
    {
        var replicas = $"{seen.HealthyReplicas} of {seen.Replicas} replicas {(seen.HealthyReplicas == 1 ? "is" : "are")} healthy.";
        return seen.Detail is null ? replicas : $"{replicas}{Environment.NewLine}{seen.Detail.TrimEnd()}";
    }
}
