using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>How many requests took how long, in the buckets of <see cref="RequestCounts"/>.</summary>
sealed class DurationHistogram
{
    /// <param name="counts">Counts by bucket; what is not positive is left out.</param>
    public DurationHistogram(IEnumerable<KeyValuePair<int, long>> counts)
    {
        Buckets = [.. counts.Where(x => x.Value > 0).OrderBy(x => x.Key).Select(x => (x.Key, x.Value))];
        Count = Buckets.Sum(x => x.Count);
    }

    /// <summary>The buckets that are not empty, rising.</summary>
    public ImmutableArray<(int Index, long Count)> Buckets { get; }

    /// <summary>All requests.</summary>
    public long Count { get; }

    /// <summary>The largest duration of a bucket, in seconds.</summary>
    public static double UpperBound(int index) => RequestCounts.FirstBound.TotalSeconds * Math.Pow(RequestCounts.Growth, index);

    /// <summary>A percentile in seconds, on the geometric line between a bucket's bounds; not for an empty histogram.</summary>
    public double Percentile(double percentile)
    {
        var position = Count * percentile / 100;
        foreach (var (index, count) in Buckets)
        {
            if (position <= count)
                return UpperBound(index) * Math.Pow(RequestCounts.Growth, position / count - 1);
            position -= count;
        }

        return UpperBound(Buckets[^1].Index);
    }

    /// <summary>How many times the other's durations these are.</summary>
    /// <inheritdoc cref="MannWhitney.Ratio(IReadOnlyList{ValueTuple{int, long}}, IReadOnlyList{ValueTuple{int, long}}, double, double)"/>
    public TwoSampleEstimate RatioTo(DurationHistogram other, double alpha) => MannWhitney.Ratio(Buckets, other.Buckets, RequestCounts.Growth, alpha);

    /// <summary>How many surely took longer than so many seconds: the bucket that the limit is in is not counted.</summary>
    public long SurelyAbove(double seconds) => Buckets.Where(x => x.Index > 0 && UpperBound(x.Index - 1) >= seconds).Sum(x => x.Count);

    /// <summary>How many are in a bucket or above it.</summary>
    public long FromBucket(int index) => Buckets.Where(x => x.Index >= index).Sum(x => x.Count);

    /// <summary>The same requests, each slower by so many buckets.</summary>
    public DurationHistogram Slower(int buckets) => new(Buckets.Select(x => KeyValuePair.Create(x.Index + buckets, x.Count)));

    /// <summary>The bucket that a percentile falls into; not for an empty histogram.</summary>
    public int BucketOf(double percentile)
    {
        var position = Count * percentile / 100;
        foreach (var (index, count) in Buckets)
        {
            if (position <= count)
                return index;
            position -= count;
        }

        return Buckets[^1].Index;
    }

    /// <summary>Both together.</summary>
    public DurationHistogram With(DurationHistogram other) => new(Buckets.Concat(other.Buckets)
        .GroupBy(x => x.Index).Select(x => KeyValuePair.Create(x.Key, x.Sum(y => y.Count))));
}
