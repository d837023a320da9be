using System.Diagnostics;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.CrashHost;

/// <summary>Who is killed, with SIGKILL: nobody gets to clean anything up.</summary>
static class Victims
{
    /// <summary>What kills <c>command</c>, <c>agent</c> or <c>both</c>.</summary>
    public static Action Kill(string victim, AbsolutePath state) => victim switch
    {
        "command" => KillCommand,
        "agent" => () => KillAgent(state),
        "both" => () => KillBoth(state),
        _ => throw new UserErrorException($"'{victim}' is neither command nor agent nor both."),
    };

    static void KillBoth(AbsolutePath state)
    {
        KillAgent(state);
        KillCommand();
    }

    static void KillCommand()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal may take a moment, in which nothing must happen any more.
        Thread.Sleep(Timeout.Infinite);
    }

    static void KillAgent(AbsolutePath state)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId)
                continue;
            try
            {
                var arguments = File.ReadAllText($"{directory}/cmdline").Split('\0');
                if (!arguments.Any(x => x.EndsWith("Fairlead.Agent.dll", StringComparison.Ordinal)) || !arguments.Contains(state.ToString(), StringComparer.Ordinal))
                    continue;
                using var agent = Process.GetProcessById(id);
                agent.Kill();
                agent.WaitForExit();
                Console.WriteLine("The agent was killed.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // It has ended, or is somebody else's.
            }
        }
    }
}
