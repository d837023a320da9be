using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fairlead.IntegrationTests;

/// <summary>Sends requests at a steady rate, whatever the answers are, and notes who answered and how.</summary>
sealed class SteadyLoad(Uri address, int clients, TimeSpan interval) : IDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentQueue<Answer> _answers = new();
    Task _running = Task.CompletedTask;

    public IEnumerable<Answer> Answers => _answers;

    public void Start() => _running = Task.WhenAll(Enumerable.Range(0, clients).Select(x => Task.Run(() => SendAsync(x))));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _http.Dispose();
        _stop.Dispose();
    }

    async Task SendAsync(int number)
    {
        // Not all at the same moment.
        var next = Stopwatch.GetTimestamp() + (long)(interval.TotalSeconds * number / clients * Stopwatch.Frequency);
        while (!_stop.IsCancellationRequested)
        {
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            next += (long)(interval.TotalSeconds * Stopwatch.Frequency);
            var at = Stopwatch.GetTimestamp();
            try
            {
                using var response = await _http.GetAsync(new Uri(address, "items"));
                var version = response.Headers.TryGetValues("X-Storefront-Version", out var values) ? values.Single() : null;
                _answers.Enqueue(new Answer(at, version, response.IsSuccessStatusCode, $"{(int)response.StatusCode} {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync())}".Trim()));
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                _answers.Enqueue(new Answer(at, null, false, exception.Message));
            }
        }
    }

    /// <param name="At">When it was asked.</param>
    /// <param name="Version">Who answered; null when nobody did.</param>
    /// <param name="IsGood">Whether it was 2xx.</param>
    /// <param name="Text">The status, for messages.</param>
    public sealed record Answer(long At, string? Version, bool IsGood, string Text);
}
