using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Deletes what nobody needs any more, so that a state directory does not grow without end.</summary>
static class Housekeeping
{
    /// <summary>So many log files of revisions that are gone are kept: the reason of a failure is often in one.</summary>
    const int KeptLogs = 20;

    /// <summary>What is younger may belong to a command that is at work just now.</summary>
    static readonly TimeSpan Unfinished = TimeSpan.FromHours(1);

    /// <summary>Deletes the logs of revisions that are gone, but for the last few.</summary>
    /// <param name="paths">The state directory.</param>
    /// <param name="revisions">The names of the revisions that are there.</param>
    public static void PruneLogs(AgentPaths paths, IEnumerable<string> revisions)
    {
        var prefixes = revisions.Select(x => $"{x}-").Append(paths.AgentLog.Name).ToArray();
        foreach (var file in paths.Logs.GetFiles().Where(x => !prefixes.Any(y => x.Name.StartsWith(y, StringComparison.Ordinal)))
            .OrderByDescending(x => File.GetLastWriteTimeUtc(x)).Skip(KeptLogs))
        {
            file.DeleteFile();
        }
    }

    /// <summary>Deletes the programs of agents before this one, and what commands and agents that were killed have left half-done.</summary>
    /// <param name="paths">The state directory.</param>
    /// <param name="program">The directory of this agent's own program.</param>
    /// <param name="now">The time.</param>
    public static void PruneLeftovers(AgentPaths paths, AbsolutePath program, DateTimeOffset now)
    {
        // By name, which is a digest: the path may lead through links.
        foreach (var directory in paths.Programs.GetDirectories().Where(x => x.Name != program.Name).Concat(paths.Revisions.GetDirectories("*.tmp")))
        {
            if (now.UtcDateTime - Directory.GetLastWriteTimeUtc(directory) > Unfinished)
                directory.DeleteDirectory();
        }

        foreach (var file in paths.Root.GetFiles("*.tmp"))
        {
            if (now.UtcDateTime - File.GetLastWriteTimeUtc(file) > Unfinished)
                file.DeleteFile();
        }
    }
}
