namespace Fairlead.CrashHost;

/// <summary>Counts what changes something, and kills at one of them.</summary>
/// <param name="at">Which effect, from 1; 0 only counts.</param>
/// <param name="moment"><c>before</c> it, <c>after</c> it, or <c>during</c> it: a little after it has begun.</param>
/// <param name="kill">Kills; returns only when it was somebody else.</param>
sealed class Effects(int at, string moment, Action kill)
{
    static readonly TimeSpan Begun = TimeSpan.FromMilliseconds(15);

    public int Count { get; private set; }

    public async Task RunAsync(string name, Func<Task> effect) => await RunAsync(name, async () =>
    {
        await effect();
        return true;
    });

    public async Task<T> RunAsync<T>(string name, Func<Task<T>> effect)
    {
        Count++;
        Console.WriteLine($"effect {Count}: {name}");
        if (Count != at)
            return await effect();
        if (moment == "before")
            kill();
        var running = effect();
        if (moment == "during")
        {
            await Task.WhenAny(running, Task.Delay(Begun));
            kill();
        }

        var result = await running;
        if (moment == "after")
            kill();
        return result;
    }
}
