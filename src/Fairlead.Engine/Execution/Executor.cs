using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// Runs a plan. A target starts when all of its predecessors are finished and a worker is free; among those that could start, the first
/// of the plan does, so one worker runs exactly the plan's order. After a failure only what already runs is awaited, and assured targets
/// are run.
/// </summary>
sealed class Executor
{
    /// <summary>How long a body may go on after it was asked to stop.</summary>
    static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(15);

    readonly ExecutionPlan _plan;
    readonly BuildModel _model;
    readonly BuildContext _context;
    readonly IBuildEvents _events;
    readonly int _workers;
    readonly bool _dryRun;

    readonly Lock _gate = new();
    readonly Dictionary<string, TargetResult> _results;
    readonly Dictionary<string, int> _index;
    readonly Dictionary<string, int> _pending;
    readonly ILookup<string, string> _successors;
    readonly PriorityQueue<PlannedTarget, int> _ready = new();
    bool _failing;

    public Executor(ExecutionPlan plan, BuildModel model, BuildContext context, int workers, bool dryRun, IBuildEvents events)
    {
        (_plan, _model, _context, _workers, _dryRun, _events) = (plan, model, context, workers, dryRun, events);
        _results = plan.Targets.ToDictionary(x => x.Name, x => new TargetResult(x.Name, TargetStatus.Scheduled, TimeSpan.Zero, null), StringComparer.Ordinal);
        _index = plan.Targets.Select((x, i) => (x.Name, i)).ToDictionary(x => x.Name, x => x.i, StringComparer.Ordinal);
        _pending = plan.Targets.ToDictionary(x => x.Name, x => x.Predecessors.Length, StringComparer.Ordinal);
        _successors = plan.Targets.SelectMany(x => x.Predecessors.Select(e => (e.Earlier, x.Name))).ToLookup(x => x.Earlier, x => x.Name, StringComparer.Ordinal);
        foreach (var target in plan.Targets.Where(x => x.Predecessors.IsEmpty))
            _ready.Enqueue(target, _index[target.Name]);
    }

    /// <summary>The exit code that the first failure asks for.</summary>
    public int FailureExitCode { get; private set; } = ExitCodes.Failed;

    /// <summary>Whether one of the build's own hooks ended with an error, which fails the build.</summary>
    public bool HookFailed { get; private set; }

    /// <summary>The targets of the plan that are in one of these states.</summary>
    public IReadOnlyList<string> With(params TargetStatus[] statuses)
    {
        lock (_gate)
            return [.. _plan.Targets.Select(x => x.Name).Where(x => statuses.Contains(_results[x].Status))];
    }

    /// <summary>Runs everything and returns the results in the order of the plan.</summary>
    /// <param name="cancellationToken">Cancelled by Ctrl-C or SIGTERM.</param>
    public async Task<ImmutableArray<TargetResult>> RunAsync(CancellationToken cancellationToken)
    {
        var running = new List<Task<TargetResult>>();
        while (true)
        {
            if (_failing || cancellationToken.IsCancellationRequested)
                GiveUpTheRest();
            while (running.Count < _workers && _ready.TryDequeue(out var next, out _))
            {
                if (Decide(next) is { } without)
                    Finish(without);
                else
                    running.Add(RunAsync(next, next.Node.AssuredAfterFailure ? CancellationToken.None : cancellationToken));
                if (_failing || cancellationToken.IsCancellationRequested)
                    GiveUpTheRest();
            }

            if (running.Count == 0)
                break;
            var finished = await Task.WhenAny(running);
            running.Remove(finished);
            Finish(await finished);
        }

        return [.. _plan.Targets.Select(x => _results[x.Name])];
    }

    /// <summary>What has not begun is not run any more, but for assured targets, which wait for their predecessors to end or be given up.</summary>
    void GiveUpTheRest()
    {
        foreach (var target in _plan.Targets.Where(x => !x.Node.AssuredAfterFailure && x.SkipReason is null && _results[x.Name].Status == TargetStatus.Scheduled))
            Finish(new TargetResult(target.Name, TargetStatus.NotRun, TimeSpan.Zero, null));
        var assured = _ready.UnorderedItems.Where(x => _results[x.Element.Name].Status == TargetStatus.Scheduled).ToList();
        _ready.Clear();
        _ready.EnqueueRange(assured);
    }

    /// <summary>The result of a target that does not run, or null when it runs.</summary>
    TargetResult? Decide(PlannedTarget target)
    {
        if (target.SkipReason is not null)
        {
            Tell(_events.OnTargetSkipped, target.Name);
            return new TargetResult(target.Name, TargetStatus.Skipped, TimeSpan.Zero, target.SkipReason);
        }

        return target.Node.HasBody ? null : new TargetResult(target.Name, TargetStatus.Collective, TimeSpan.Zero, null);
    }

    void Finish(TargetResult result)
    {
        lock (_gate)
        {
            _results[result.Name] = result;
            _failing |= result.Status == TargetStatus.Failed && !_model.Targets[result.Name].Node.ProceedAfterFailure;
        }

        foreach (var successor in _successors[result.Name])
        {
            if (--_pending[successor] == 0 && _results[successor].Status == TargetStatus.Scheduled)
                _ready.Enqueue(_plan.Targets[_index[successor]], _index[successor]);
        }
    }

    async Task<TargetResult> RunAsync(PlannedTarget target, CancellationToken cancellationToken)
    {
        lock (_gate)
            _results[target.Name] = new TargetResult(target.Name, TargetStatus.Running, TimeSpan.Zero, null);
        if (await UnmetConditionAsync(target) is { } unmet)
            return unmet;

        var output = _context.Output.Open(target.Name);
        var started = _context.Time.GetTimestamp();
        var result = await BodyAsync(target, output, cancellationToken);
        result = result with { Duration = _context.Time.GetElapsedTime(started) };
        // Closed before the result counts: what depends on this target prints after it.
        var end = _dryRun ? $"{target.Name} would run" : $"{target.Name} {result.Status.ToString().ToLowerInvariant()} after {Durations.Show(result.Duration)}";
        output.Close(end, result.Status == TargetStatus.Failed ? LogLevel.Error : LogLevel.Information);
        return result;
    }

    async Task<TargetResult?> UnmetConditionAsync(PlannedTarget target)
    {
        var conditions = _dryRun ? [] : _model.Targets[target.Name].Definition.DynamicConditions;
        foreach (var condition in conditions)
        {
            try
            {
                if (await Task.Run(condition.Holds))
                    continue;
            }
            catch (Exception e)
            {
                Tell(_events.OnTargetFailed, target.Name);
                return Failed(target, e, $"The condition '{condition.Text}' ended with an error: {Describe(e)}");
            }

            Tell(_events.OnTargetSkipped, target.Name);
            return new TargetResult(target.Name, TargetStatus.Skipped, TimeSpan.Zero, condition.Text);
        }

        return null;
    }

    async Task<TargetResult> BodyAsync(PlannedTarget target, BuildOutput.TargetOutput output, CancellationToken cancellationToken)
    {
        try
        {
            _context.EnterTarget(output, cancellationToken);
            if (!_dryRun)
            {
                _events.OnTargetRunning(target.Name);
                foreach (var body in _model.Targets[target.Name].Definition.Bodies)
                    await WithinGraceAsync(body(cancellationToken), cancellationToken);
                _events.OnTargetSucceeded(target.Name);
            }

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
            Tell(_events.OnTargetFailed, target.Name);
            return Failed(target, e, Describe(e));
        }
    }

    TargetResult Failed(PlannedTarget target, Exception e, string detail)
    {
        lock (_gate)
        {
            if (!_results.Values.Any(x => x.Status == TargetStatus.Failed) && e is UserErrorException user)
                FailureExitCode = user.ExitCode;
        }

        return new TargetResult(target.Name, TargetStatus.Failed, TimeSpan.Zero, detail);
    }

    /// <summary>Calls a hook of the build. Its error fails the build and nothing else.</summary>
    void Tell(Action<string> hook, string target)
    {
        try
        {
            hook(target);
        }
        catch (Exception e)
        {
            HookFailed = true;
            _context.Write(LogLevel.Error, $"{hook.Method.Name.Split('.')[^1]}(\"{target}\") ended with an error: {Describe(e)}");
        }
    }

    async Task WithinGraceAsync(Task body, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource();
        await using (cancellationToken.Register(cancelled.SetResult))
            await Task.WhenAny(body, cancelled.Task);
        if (!body.IsCompleted)
            await Task.WhenAny(body, Task.Delay(StopGrace, _context.Time, CancellationToken.None));
        if (body.IsCompleted)
            await body;
        else
            throw new OperationCanceledException("The body did not stop in time.", cancellationToken);
    }

    /// <summary>For the user: their own errors as they are, others with their type, never with a stack trace.</summary>
    string Describe(Exception e) => _context.Redactor.Redact(ErrorText.Of(e));
}
