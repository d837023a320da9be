using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// Runs a plan. A target starts when all of its predecessors are finished and a worker is free; among those that could start, the first
/// of the plan does, so one worker runs exactly the plan's order. After a failure only what already runs is awaited, and assured targets
/// are run.
/// </summary>
sealed class Executor(ExecutionPlan plan, BuildModel model, BuildContext context, int workers, bool dryRun, IBuildEvents events)
{
    /// <summary>How long a body may go on after it was asked to stop.</summary>
    static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(15);

    readonly Dictionary<string, TargetResult> _results = new(StringComparer.Ordinal);
    readonly Lock _gate = new();

    /// <summary>The results so far, by status.</summary>
    public IReadOnlyList<string> With(params TargetStatus[] statuses)
    {
        lock (_gate)
            return [.. plan.Targets.Select(x => x.Name).Where(x => statuses.Contains(_results[x].Status))];
    }

    /// <summary>Runs everything and returns the results in the order of the plan.</summary>
    /// <param name="cancellationToken">Cancelled by Ctrl-C or SIGTERM.</param>
    public async Task<ImmutableArray<TargetResult>> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var target in plan.Targets)
            Set(new TargetResult(target.Name, TargetStatus.Scheduled, TimeSpan.Zero, null));

        var waiting = plan.Targets.ToList();
        var running = new List<Task<string>>();
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (running.Count < workers && Next(waiting, cancellationToken.IsCancellationRequested) is { } next)
            {
                waiting.Remove(next);
                if (Decide(next, cancellationToken.IsCancellationRequested) is { } without)
                    Set(without);
                else
                    running.Add(RunAsync(next, next.Node.AssuredAfterFailure ? CancellationToken.None : cancellationToken));
            }

            if (running.Count == 0)
                continue;
            running.Remove(await Task.WhenAny(running));
        }

        return [.. plan.Targets.Select(x => _results[x.Name])];
    }

    PlannedTarget? Next(List<PlannedTarget> waiting, bool cancelled)
    {
        var ready = waiting.FirstOrDefault(x => x.Predecessors.All(e => Finished(e.Earlier)));
        // What will not run any more need not wait; assured targets wait for their predecessors to end or to be given up.
        return ready ?? (cancelled || Failing ? waiting.FirstOrDefault(x => !x.Node.AssuredAfterFailure) : null);
    }

    /// <summary>The result of a target that does not run, or null when it runs.</summary>
    TargetResult? Decide(PlannedTarget target, bool cancelled)
    {
        if (target.SkipReason is not null)
        {
            events.OnTargetSkipped(target.Name);
            return new TargetResult(target.Name, TargetStatus.Skipped, TimeSpan.Zero, target.SkipReason);
        }

        if ((cancelled || Failing || target.Predecessors.Any(Blocks)) && !target.Node.AssuredAfterFailure)
            return new TargetResult(target.Name, TargetStatus.NotRun, TimeSpan.Zero, null);

        return target.Node.HasBody ? null : new TargetResult(target.Name, TargetStatus.Collective, TimeSpan.Zero, null);
    }

    async Task<string> RunAsync(PlannedTarget target, CancellationToken cancellationToken)
    {
        Set(new TargetResult(target.Name, TargetStatus.Running, TimeSpan.Zero, null));
        if (await UnmetConditionAsync(target) is { } unmet)
        {
            Set(unmet);
            return target.Name;
        }

        var output = context.Output.Open(target.Name);
        var started = context.Time.GetTimestamp();
        var result = await BodyAsync(target, output, cancellationToken);
        result = result with { Duration = context.Time.GetElapsedTime(started) };
        // Closed before the result counts: what depends on this target prints after it.
        var end = $"{target.Name} {(dryRun ? "would run" : result.Status.ToString().ToLowerInvariant())}{(dryRun ? "" : $" after {Durations.Show(result.Duration)}")}";
        output.Close(end, result.Status == TargetStatus.Failed ? LogLevel.Error : LogLevel.Information);
        Set(result);
        return target.Name;
    }

    async Task<TargetResult?> UnmetConditionAsync(PlannedTarget target)
    {
        var conditions = dryRun ? [] : model.Targets[target.Name].Definition.DynamicConditions;
        foreach (var condition in conditions)
        {
            try
            {
                if (await Task.Run(condition.Holds))
                    continue;
            }
            catch (Exception e)
            {
                Fail(e);
                events.OnTargetFailed(target.Name);
                return new TargetResult(target.Name, TargetStatus.Failed, TimeSpan.Zero, $"The condition '{condition.Text}' ended with an error: {Describe(e)}");
            }

            events.OnTargetSkipped(target.Name);
            return new TargetResult(target.Name, TargetStatus.Skipped, TimeSpan.Zero, condition.Text);
        }

        return null;
    }

    async Task<TargetResult> BodyAsync(PlannedTarget target, BuildOutput.TargetOutput output, CancellationToken cancellationToken)
    {
        try
        {
            context.EnterTarget(output, cancellationToken);
            events.OnTargetRunning(target.Name);
            if (!dryRun)
            {
                foreach (var body in model.Targets[target.Name].Definition.Bodies)
                    await WithinGraceAsync(RunBodyAsync(body, cancellationToken), cancellationToken);
            }

            events.OnTargetSucceeded(target.Name);
            return new TargetResult(target.Name, TargetStatus.Succeeded, TimeSpan.Zero, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new TargetResult(target.Name, TargetStatus.Aborted, TimeSpan.Zero, null);
        }
        catch (Exception e)
        {
            foreach (var line in Describe(e).Split('\n'))
                output.Write(LogLevel.Error, line.TrimEnd('\r'));
            output.Write(LogLevel.Verbose, e.ToString());
            events.OnTargetFailed(target.Name);
            Fail(e);
            return new TargetResult(target.Name, TargetStatus.Failed, TimeSpan.Zero, Describe(e));
        }
    }

    /// <summary>The exit code that the first failure asks for.</summary>
    public int FailureExitCode { get; private set; } = ExitCodes.Failed;

    void Fail(Exception e)
    {
        lock (_gate)
        {
            if (!_results.Values.Any(x => x.Status == TargetStatus.Failed) && e is UserErrorException user)
                FailureExitCode = user.ExitCode;
        }
    }

    static async Task RunBodyAsync(Func<CancellationToken, Task> body, CancellationToken cancellationToken)
    {
        await body(cancellationToken);
        await Console.Out.FlushAsync(CancellationToken.None);
    }

    async Task WithinGraceAsync(Task body, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource();
        await using (cancellationToken.Register(cancelled.SetResult))
            await Task.WhenAny(body, cancelled.Task);
        if (!body.IsCompleted)
            await Task.WhenAny(body, Task.Delay(StopGrace, context.Time, CancellationToken.None));
        if (body.IsCompleted)
            await body;
        else
            throw new OperationCanceledException("The body did not stop in time.", cancellationToken);
    }

    bool Failing
    {
        get
        {
            lock (_gate)
                return _results.Values.Any(x => x.Status is TargetStatus.Failed && !model.Targets[x.Name].Node.ProceedAfterFailure);
        }
    }

    /// <summary>Whether a predecessor's end keeps its successor from running.</summary>
    bool Blocks(TargetEdge edge)
    {
        lock (_gate)
            return edge.Kind == EdgeKind.Dependency && _results[edge.Earlier].Status is TargetStatus.NotRun or TargetStatus.Aborted;
    }

    bool Finished(string name)
    {
        lock (_gate)
            return _results[name].Status is not (TargetStatus.Scheduled or TargetStatus.Running);
    }

    void Set(TargetResult result)
    {
        lock (_gate)
            _results[result.Name] = result;
    }

    /// <summary>For the user: their own errors as they are, others with their type, never with a stack trace.</summary>
    static string Describe(Exception e) => e switch
    {
        UserErrorException user => user.Display,
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        _ => $"{e.GetType().Name}: {e.Message}",
    };
}
