namespace Fairlead.Agent;

/// <summary>
/// What a release is judged by: the requests that one revision was given, how many of them failed, and how long they took. Safe for
/// concurrent use, without locks.
/// </summary>
/// <remarks>
/// What is counted is what this revision was given, not what clients saw: a request that failed here and was answered elsewhere is a failed
/// one here and a good one there, and each with its own time. A new revision with a small share would otherwise look healthy because the
/// stable one saves it; and counting only what another revision saved would hide the failures of the one with the large share,
/// whose own other replicas answer most of its repetitions.
/// A client that left (499) has got no wrong answer; its time counts, because giving up on slow answers must not make a revision look fast.
/// </remarks>
sealed class RequestTally
{
    /// <summary>The last one is for all that takes longer than an hour.</summary>
    const int Buckets = 406;

    static readonly double[] Bounds = [.. Enumerable.Range(0, Buckets - 1).Select(x => RequestCountsMessage.FirstBoundMicroseconds * Math.Pow(RequestCountsMessage.Growth, x))];
    static readonly double LogOfGrowth = Math.Log(RequestCountsMessage.Growth);

    readonly long[] _durations = new long[Buckets];
    long _total;
    long _failed;

    /// <summary>Counts one request.</summary>
    /// <param name="failed">Whether it was answered with 5xx or not at all.</param>
    /// <param name="duration">How long this revision had it.</param>
    public void Add(bool failed, TimeSpan duration)
    {
        Interlocked.Increment(ref _durations[BucketOf(duration)]);
        // In this order, so that whoever reads in the other one never sees more failed ones than there were.
        Interlocked.Increment(ref _total);
        if (failed)
            Interlocked.Increment(ref _failed);
    }

    public RequestCountsMessage Read()
    {
        var failed = Interlocked.Read(ref _failed);
        var total = Interlocked.Read(ref _total);
        var durations = new SortedDictionary<int, long>();
        for (var i = 0; i < Buckets; i++)
        {
            if (Interlocked.Read(ref _durations[i]) is > 0 and var count)
                durations[i] = count;
        }

        return new RequestCountsMessage(total, failed, durations);
    }

    public static int BucketOf(TimeSpan duration)
    {
        var microseconds = duration.TotalMicroseconds;
        if (microseconds <= Bounds[0])
            return 0;
        var bucket = Math.Min((int)Math.Ceiling(Math.Log(microseconds / Bounds[0]) / LogOfGrowth), Buckets - 1);
        // The logarithm is not exact at the bounds.
        if (microseconds <= Bounds[bucket - 1])
            return bucket - 1;
        return bucket < Bounds.Length && microseconds > Bounds[bucket] ? bucket + 1 : bucket;
    }
}
