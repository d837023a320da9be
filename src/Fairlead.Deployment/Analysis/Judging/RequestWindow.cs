namespace Fairlead.Deployment;

/// <summary>The requests of one revision since the first look at it.</summary>
sealed class RequestWindow
{
    readonly Dictionary<int, long> _durations = [];
    RequestCounts? _last;

    public long Total { get; private set; }

    public long Failed { get; private set; }

    public DurationHistogram Durations { get; private set; } = new([]);

    /// <summary>Takes counters. When one has fallen the platform was restarted and counts from zero: everything in them is new.</summary>
    public void Add(RequestCounts? counts)
    {
        if (counts is null)
            return;
        var from = _last ?? counts;
        if (counts.Total < from.Total || counts.Failed < from.Failed || from.Durations.Any(x => counts.Durations.GetValueOrDefault(x.Key) < x.Value))
            from = RequestCounts.None;
        Total += counts.Total - from.Total;
        Failed += counts.Failed - from.Failed;
        foreach (var (bucket, count) in counts.Durations)
            _durations[bucket] = _durations.GetValueOrDefault(bucket) + count - from.Durations.GetValueOrDefault(bucket);
        Durations = new DurationHistogram(_durations);
        _last = counts;
    }
}
