using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Agent.Tests;

public sealed class RequestTallyTests
{
    [Fact]
    public void A_duration_is_in_the_bucket_whose_bounds_enclose_it() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, 3)).Select(x => TimeSpan.FromTicks(x.Item1 >> (x.Item2 * 8))).ToArbitrary(), duration =>
        {
            var bucket = RequestTally.BucketOf(duration);
            var upper = 10 * Math.Pow(1.05, bucket);
            return duration.TotalMicroseconds <= upper && (bucket == 0 || duration.TotalMicroseconds > 10 * Math.Pow(1.05, bucket - 1));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    [InlineData(101, 1)]
    [InlineData(105, 1)]
    [InlineData(106, 2)]
    [InlineData(long.MaxValue, 405)]
    public void Bounds_belong_to_the_bucket_below_and_the_last_one_takes_the_rest(long ticks, int bucket) =>
        RequestTally.BucketOf(TimeSpan.FromTicks(ticks)).ShouldBe(bucket);

    [Fact]
    public async Task Nothing_is_lost_when_many_count_at_once_and_empty_buckets_are_left_out()
    {
        var tally = new RequestTally();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(x => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
                tally.Add(i % 10 == 0, TimeSpan.FromMilliseconds(1 << x));
        })));
        var counts = tally.Read();
        counts.Total.ShouldBe(40_000);
        counts.Failed.ShouldBe(4_000);
        counts.Durations.Values.ShouldBe([10_000, 10_000, 10_000, 10_000]);
    }
}
