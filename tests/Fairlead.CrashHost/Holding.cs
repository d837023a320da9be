using System.Globalization;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.CrashHost;

/// <summary>A command that holds a lock in a repository and does what it is told, until it is killed.</summary>
static class Holding
{
    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        var state = AbsolutePath.Create(options["state"]);
        using var store = new GitDeploymentStore(
            state,
            "shop",
            new GitStoreOptions
            {
                Remote = options["store"],
                Lease = TimeSpan.FromSeconds(double.Parse(options["lease"], CultureInfo.InvariantCulture)),
                PollInterval = TimeSpan.FromMilliseconds(200),
            },
            new ProcessRunner(new Redactor(), TimeProvider.System, state.Parent),
            TimeProvider.System);
        var request = new LockRequest { User = "child", Host = state.Name, ProcessId = Environment.ProcessId, Command = "hold", Wait = TimeSpan.FromMinutes(1) };
        await using var held = await store.LockAsync("staging", request, CancellationToken.None);
        Console.WriteLine($"token {held.Token.Value}");
        while (await Console.In.ReadLineAsync() is { } step)
        {
            try
            {
                await held.AppendAsync(new JournalEvent.StepIntended(step), CancellationToken.None);
                Console.WriteLine("appended");
            }
            catch (FencedOffException)
            {
                Console.WriteLine("fenced off");
            }
            catch (IOException exception)
            {
                Console.WriteLine(exception.Message);
            }
        }

        return 0;
    }
}
