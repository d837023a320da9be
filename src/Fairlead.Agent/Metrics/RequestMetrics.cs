using System.Collections.Concurrent;

namespace Fairlead.Agent;

/// <summary>What has been asked of one revision. Safe for concurrent use, without locks on the way of a request.</summary>
sealed class RequestMetrics
{
    readonly ConcurrentDictionary<int, StrongBox> _byCode = new();
    readonly long[] _buckets = new long[Bounds.Count + 1];
    long _ticks;
    long _upstreamFailures;
    long _cut;
    long _restarts;

    /// <summary>Upper bounds of the duration's buckets, in seconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    public IEnumerable<(int Code, long Count)> ByCode => _byCode.OrderBy(x => x.Key).Select(x => (x.Key, Interlocked.Read(ref x.Value.Value)));

    /// <summary>Durations per bucket, not summed up; the last one is for what is longer than all bounds.</summary>
    public IReadOnlyList<long> Buckets => _buckets;

    public TimeSpan TotalDuration => new(Interlocked.Read(ref _ticks));

    public long UpstreamFailures => Interlocked.Read(ref _upstreamFailures);

    public long Cut => Interlocked.Read(ref _cut);

    public long Restarts => Interlocked.Read(ref _restarts);

    public RequestTally Tally { get; } = new();

    public void Answered(int code, TimeSpan duration)
    {
        Interlocked.Increment(ref _byCode.GetOrAdd(code, static _ => new StrongBox()).Value);
        Interlocked.Add(ref _ticks, duration.Ticks);
        var bucket = 0;
        while (bucket < Bounds.Count && duration.TotalSeconds > Bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
    }

    /// <summary>A replica could not be reached or broke off; the request may have been answered by another one.</summary>
    public void UpstreamFailed() => Interlocked.Increment(ref _upstreamFailures);

    /// <summary>Requests were still running when the drain timeout was over.</summary>
    public void WereCut(int count) => Interlocked.Add(ref _cut, count);

    public void Restarted() => Interlocked.Increment(ref _restarts);

    sealed class StrongBox
    {
        public long Value;
    }
}
