using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Storefront;

/// <summary>Counts requests and shows them in Prometheus' text format.</summary>
sealed class Metrics(TimeProvider time)
{
    static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    readonly ConcurrentDictionary<int, long> _byStatus = new();
    readonly long[] _buckets = new long[Bounds.Length + 1];
    long _ticks;
    long _inFlight;

    public async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        var started = time.GetTimestamp();
        Interlocked.Increment(ref _inFlight);
        var failed = true;
        try
        {
            await next(context);
            failed = false;
        }
        finally
        {
            var elapsed = time.GetElapsedTime(started);
            Interlocked.Decrement(ref _inFlight);
            Interlocked.Add(ref _ticks, elapsed.Ticks);
            Interlocked.Increment(ref _buckets[Array.FindIndex(Bounds, x => elapsed.TotalSeconds <= x) is >= 0 and var index ? index : Bounds.Length]);
            _byStatus.AddOrUpdate(failed ? StatusCodes.Status500InternalServerError : context.Response.StatusCode, 1, (_, count) => count + 1);
        }
    }

    public string Render()
    {
        var text = new StringBuilder();
        text.Append("# HELP http_requests_total Requests answered, by status code.\n# TYPE http_requests_total counter\n");
        foreach (var (status, count) in _byStatus.OrderBy(x => x.Key))
            text.Append(CultureInfo.InvariantCulture, $"http_requests_total{{code=\"{status}\"}} {count}\n");
        text.Append("# HELP http_request_duration_seconds Time from request to response.\n# TYPE http_request_duration_seconds histogram\n");
        long total = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            total += Interlocked.Read(ref _buckets[i]);
            var bound = i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"http_request_duration_seconds_bucket{{le=\"{bound}\"}} {total}\n");
        }

        var seconds = TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds;
        text.Append(CultureInfo.InvariantCulture, $"http_request_duration_seconds_sum {seconds}\nhttp_request_duration_seconds_count {total}\n");
        text.Append("# HELP http_requests_in_flight Requests being answered now.\n# TYPE http_requests_in_flight gauge\n");
        text.Append(CultureInfo.InvariantCulture, $"http_requests_in_flight {Interlocked.Read(ref _inFlight)}\n");
        return text.ToString();
    }
}
