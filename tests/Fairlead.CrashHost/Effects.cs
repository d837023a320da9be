namespace Fairlead.CrashHost;

/// <summary>Counts what changes something, and kills before or after one of them.</summary>
/// <param name="at">Which effect, from 1; 0 only counts.</param>
/// <param name="afterwards">Whether it has happened when the kill comes.</param>
/// <param name="kill">Kills; returns only when it was somebody else.</param>
sealed class Effects(int at, bool afterwards, Action kill)
{
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
        if (!afterwards)
            kill();
        var result = await effect();
        if (afterwards)
            kill();
        return result;
    }
}
