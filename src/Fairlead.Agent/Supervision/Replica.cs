using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Keeps one process of a revision running and knows how it is.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A token source without a timer holds nothing, and stopping can be repeated.")]
sealed class Replica(RevisionMessage spec, int index, ReplicaLog log, AbsolutePath directory, AbsolutePath state, IReplicaHost host, TimeProvider time, Action<string> notice)
{
    /// <summary>So many starts without ever having been healthy are enough to say that it never will be.</summary>
    const int HopelessStarts = 3;

    static readonly TimeSpan StartingInterval = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan WorkerSettles = TimeSpan.FromSeconds(1);
    static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);
    static readonly string[] InheritedVariables = ["PATH", "HOME", "TMPDIR", "LANG", "DOTNET_ROOT", "TZ"];

    readonly CancellationTokenSource _stop = new();
    TimeSpan _grace;
    Task _run = Task.CompletedTask;
    bool _everHealthy;
    string? _hung;
    string? _tooLarge;
    volatile ReplicaHealth _health = new(ReplicaPhase.Starting, null, null);

    /// <summary>Called when <see cref="Health"/> has changed; from any thread.</summary>
    public required Action Changed { get; init; }

    /// <summary>Called before each start but the first.</summary>
    public required Action Restarting { get; init; }

    /// <summary>Asks whether it may be ended because it hangs. Who may holds the right until <see cref="Renewed"/>.</summary>
    public required Func<Replica, bool> MayRenew { get; init; }

    /// <summary>Called when a start has ended, well or not.</summary>
    public required Action<Replica> Renewed { get; init; }

    public int Index => index;

    public ReplicaHealth Health => _health;

    /// <summary>Completes when it was stopped and has ended.</summary>
    public Task Ended => _run;

    public void Start() => _run = Task.Run(RunAsync);

    /// <summary>Asks it to end, and ends it after the time of grace.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        _grace = grace;
        await _stop.CancelAsync();
        await _run;
    }

    async Task RunAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            string reason;
            try
            {
                reason = await RunOnceAsync();
            }
            catch (Exception e)
            {
                // A supervisor that dies leaves a revision that is neither served nor mended nor removable: it goes on, whatever it was.
                notice($"Supervising replica {index} of {spec.Name} failed: {e}");
                reason = $"Supervising replica {index} of {spec.Name} failed: {e.Message}";
            }

            if (_stop.IsCancellationRequested)
                return;

            if (_hung is null)
                Renewed(this);
            failures = _everHealthy && time.GetElapsedTime(begun) >= StableAfter ? 1 : failures + 1;
            var wait = Backoff.After(failures);
            Set(_everHealthy || failures >= HopelessStarts ? ReplicaPhase.Failed : ReplicaPhase.Starting, null, $"{reason}{Environment.NewLine}Start {failures + 1} follows after {wait.TotalSeconds} s.{LastLines()}");
            try
            {
                await Task.Delay(wait, time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Restarting();
        }
    }

    /// <returns>Why it is not running any more.</returns>
    async Task<string> RunOnceAsync()
    {
        ChildProcess process;
        Upstream upstream;
        try
        {
            _hung = _tooLarge = null;
            log.Begin();
            var port = host.FindPort();
            process = host.Start(Describe(port));
            upstream = new Upstream(port);
        }
        catch (Exception e)
        {
            // Whatever it is, it is what the user must know, and the next start may go better.
            return $"Replica {index} of {spec.Name} could not be started: {(e as UserErrorException)?.Display ?? e.Message}";
        }

        using (upstream)
        {
            try
            {
                using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var watch = WatchAsync(upstream, process, end.Token);
                await Task.WhenAny(process.Exited, watch);
                await end.CancelAsync();
                await watch;
            }
            finally
            {
                // Nobody is sent to it any more, whether it has ended or is about to.
                Set(Health.Phase == ReplicaPhase.Healthy ? ReplicaPhase.Failed : Health.Phase, null, Health.Detail);
                await EndAsync(process);
            }

            var code = await process.Exited;
            if (_tooLarge is not null)
                return _tooLarge;
            return _hung is { } hung
                ? $"Replica {index} of {spec.Name} was ended because it did not answer any more: {hung}"
                : $"Replica {index} of {spec.Name} ended with exit code {code}.";
        }
    }

    async Task EndAsync(ChildProcess process)
    {
        try
        {
            if (_stop.IsCancellationRequested)
                await process.StopTreeAsync(_grace, time);
            else
                process.KillTree();
        }
        catch (Exception e)
        {
            // Looking for all that it has started needs more than signalling the one process does.
            notice($"Replica {index} of {spec.Name} (process {process.Id}) is ended alone, what it started may be left: {e.Message}");
            Kill(process);
        }
    }

    void Kill(ChildProcess process)
    {
        if (process.Exited.IsCompleted)
            return;
        try
        {
            using var same = Process.GetProcessById(process.Id);
            same.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            notice($"Process {process.Id} could not be ended: {e.Message}");
        }
    }

    /// <summary>Probes until told to stop.</summary>
    async Task WatchAsync(Upstream upstream, ChildProcess process, CancellationToken cancellationToken)
    {
        var healthy = false;
        var failuresInRow = 0;
        var silentInRow = 0;
        try
        {
            if (spec.Probe is null)
                await Task.Delay(WorkerSettles, time, cancellationToken);
            while (true)
            {
                var problem = spec.Probe is null ? null : await host.ProbeAsync(upstream, spec.Probe, cancellationToken);
                if (process.Exited.IsCompleted)
                    return;
                if (problem is null)
                {
                    failuresInRow = silentInRow = 0;
                    Renewed(this);
                    _everHealthy = healthy = true;
                    Set(ReplicaPhase.Healthy, upstream, null);
                }
                else if (!healthy)
                {
                    Set(Health.Phase, null, $"Replica {index} of {spec.Name} is not ready: {problem.Text}{LastLines()}");
                }
                else if (++failuresInRow >= spec.Probe!.FailureThreshold)
                {
                    // Still offered as a target: when no replica is healthy, one that was is better than none.
                    Set(ReplicaPhase.Failed, upstream, $"Replica {index} of {spec.Name} is not healthy any more: {problem.Text}{LastLines()}");
                }

                // Only one that does not answer at all: what says that it is not well may still serve, and has reasons that a new process would have too.
                silentInRow = problem is { IsAlive: false } ? silentInRow + 1 : 0;
                if (healthy && silentInRow >= spec.Probe?.FailureThreshold && MayRenew(this))
                {
                    _hung = problem!.Text;
                    return;
                }

                if (spec.MemoryLimit is { } limit && process.MeasureMemory() is { } used && used > limit)
                {
                    _tooLarge = $"Replica {index} of {spec.Name} was ended because it used {used >> 20} MiB of memory; its limit is {limit >> 20} MiB.";
                    return;
                }

                log.Bound();
                var interval = spec.Probe?.Interval ?? StableAfter;
                await Task.Delay(healthy || interval < StartingInterval ? interval : StartingInterval, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The process has ended or shall end.
        }
    }

    void Set(ReplicaPhase phase, Upstream? upstream, string? detail)
    {
        var health = new ReplicaHealth(phase, upstream, detail);
        if (health == Health)
            return;
        _health = health;
        Changed();
    }

    ChildProcessStart Describe(int port)
    {
        var variables = new Dictionary<string, string>();
        foreach (var name in InheritedVariables)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                variables[name] = value;
        }

        foreach (var (name, value) in spec.Variables.Concat(spec.Secrets))
            variables[name] = value;
        variables["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        variables["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        variables[AgentProtocol.StateVariable] = state;
        return new ChildProcessStart
        {
            Program = FindProgram(spec.Command[0], variables.GetValueOrDefault("PATH")),
            Arguments = [.. spec.Command.Skip(1)],
            WorkingDirectory = directory,
            Environment = variables.ToImmutableDictionary(),
            OutputFile = log.File,
        };
    }

    AbsolutePath FindProgram(string program, string? path)
    {
        // The host that runs this process is there; another one on the PATH may be of another version.
        if (program == "dotnet" && Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet")
            return AbsolutePath.Create(host);
        return ToolPath.Find(program, directory, path) ?? ToolPath.Find($"./{program}", directory, path) ?? throw new ToolNotFoundException(program);
    }

    string LastLines() => log.Tail() is { Length: > 0 } tail
        ? $"{Environment.NewLine}Its last lines ({log.File}):{Environment.NewLine}{tail}"
        : $"{Environment.NewLine}It has written nothing.";
}
