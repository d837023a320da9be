using System.Diagnostics;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>
/// Replicas of an agent that was killed. They are known by the variable that the agent gave them and all that they started inherited:
/// process ids can have gone to strangers since, that variable cannot. Where there is no /proc, nothing is ended.
/// </summary>
static class Leftovers
{
    /// <summary>Ends them all and returns when they are gone.</summary>
    /// <returns>Their process ids.</returns>
    public static async Task<IReadOnlyList<int>> EndAsync(AbsolutePath state)
    {
        List<int> ended = [];
        if (!OperatingSystem.IsLinux())
            return ended;
        // Once more after each round: what is being ended may just have started something.
        for (var round = Find(state); round.Count > 0; round = Find(state))
        {
            foreach (var process in round)
            {
                using (process)
                {
                    process.Kill();
                    await process.WaitForExitAsync();
                    ended.Add(process.Id);
                }
            }
        }

        return ended;
    }

    static List<Process> Find(AbsolutePath state)
    {
        var marker = $"{AgentProtocol.StateVariable}={state}";
        List<Process> found = [];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId)
                continue;
            try
            {
                if (!IsMarked(directory, marker))
                    continue;
                // Holding the process first and looking again makes sure that it is the one that was looked at.
                var process = Process.GetProcessById(id);
                if (!process.HasExited && IsMarked(directory, marker))
                    found.Add(process);
                else
                    process.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // It has ended, or is not this user's.
            }
        }

        return found;
    }

    static bool IsMarked(string process, string marker) =>
        File.ReadAllText($"{process}/environ").Split('\0').Contains(marker, StringComparer.Ordinal);
}
