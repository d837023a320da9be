using System.Diagnostics;

namespace Fairlead.Agent.Tests;

static class Waiting
{
    /// <summary>Waits for other threads to get somewhere; the limit is only there for a test that fails.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!condition())
        {
            if (limit.Elapsed > TimeSpan.FromSeconds(10))
                throw new TimeoutException("It did not get there.");
            await Task.Delay(1);
        }
    }
}
