using Fairlead.Testing;

namespace Fairlead.Deployment.Tests;

/// <summary>Commands by their words, that are run to their end or killed at one of their effects.</summary>
static class KilledCommands
{
    /// <summary>Where the kill of a number is: two for each effect.</summary>
    public static string Name(int index) => $"{(index % 2 == 0 ? "before" : "after")} effect {index / 2 + 1}";

    public static async Task RunKilled(World world, string command, int index)
    {
        var kill = new KillSwitch(index / 2 + 1, afterwards: index % 2 == 1);
        world.UseKillSwitch(kill);
        try
        {
            await Execute(world, command);
        }
        catch (Exception) when (kill.IsDead)
        {
            // That was the kill.
        }

        kill.IsDead.ShouldBeTrue();
        world.Memory.ReleaseLocks();
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task Run(World world, string command, string name)
    {
        try
        {
            await Execute(world, command);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(name + Environment.NewLine + string.Join(Environment.NewLine, world.Log.TakeLast(30)), exception);
        }
    }

    static Task<DeploymentOutcome> Execute(World world, string command) => command.Split(' ') switch
    {
        ["deploy", var version] => world.Deploy(version),
        ["rollback"] => world.Rollback(),
        ["rollback", var version] => world.Rollback(version),
        ["down"] => world.Down(),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "This is no command."),
    };
}
