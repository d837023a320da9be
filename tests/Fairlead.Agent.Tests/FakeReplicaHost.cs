using System.Collections.Concurrent;
using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

/// <summary>Processes that start, crash and answer probes as a test says.</summary>
sealed class FakeReplicaHost : IReplicaHost
{
    readonly ConcurrentDictionary<int, FakeProcess> _byPort = new();
    int _port = 100;

    public BlockingCollection<FakeProcess> Started { get; } = [];

    public ConcurrentQueue<FakeProcess> All { get; } = new();

    /// <summary>The answer of every probe; null is well.</summary>
    public string? Problem { get; set; }

    /// <summary>Where something really answers; 0: nowhere.</summary>
    public int Port { get; set; }

    public int FindPort() => Port > 0 ? Port : Interlocked.Increment(ref _port);

    public ChildProcess Start(ChildProcessStart start)
    {
        var process = new FakeProcess(start);
        _byPort[int.Parse(start.Environment["PORT"])] = process;
        All.Enqueue(process);
        Started.Add(process);
        return process;
    }

    /// <summary>Whether <see cref="Problem"/> is that it is not ready, not that it does not answer.</summary>
    public bool IsAlive { get; set; } = true;

    /// <summary>Ports of replicas that hang.</summary>
    public ConcurrentDictionary<int, bool> Hanging { get; } = [];

    public Task<ProbeFailure?> ProbeAsync(Upstream upstream, ProbeMessage probe, CancellationToken cancellationToken) => Task.FromResult(
        _byPort[upstream.Port].Exited.IsCompleted ? new ProbeFailure("connection refused")
        : Hanging.ContainsKey(upstream.Port) ? new ProbeFailure("no answer")
        : Problem is null ? null : new ProbeFailure(Problem, IsAlive));

    /// <summary>The next process that is started.</summary>
    public FakeProcess Next() => Started.TryTake(out var process, TimeSpan.FromSeconds(10)) ? process : throw new TimeoutException("No process was started.");
}
