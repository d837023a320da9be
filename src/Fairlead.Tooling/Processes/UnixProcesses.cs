using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Fairlead.Tooling;

/// <summary>Signals, waiting and the process table of Unix.</summary>
[UnsupportedOSPlatform("windows")]
static unsafe class UnixProcesses
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    const int InterruptedCall = 4;
    const int ById = 1; // P_PID of waitid
    const int LinuxExitedNoReap = 0x4 | 0x1000000; // WEXITED | WNOWAIT
    const int MacExitedNoReap = 0x4 | 0x20;

    /// <summary>Sends a signal to a process, or to a group by its negated id; a target that is gone is no error.</summary>
    public static void Send(int id, int signal) => _ = kill(id, signal);

    /// <summary>Blocks until the child has ended and leaves it in the process table.</summary>
    public static void AwaitExit(int id)
    {
        var information = stackalloc byte[256];
        var options = OperatingSystem.IsMacOS() ? MacExitedNoReap : LinuxExitedNoReap;
        while (waitid(ById, (uint)id, information, options) != 0)
        {
            if (Marshal.GetLastPInvokeError() != InterruptedCall)
                return;
        }
    }

    /// <summary>Takes the ended child out of the process table.</summary>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it.</returns>
    public static int Reap(int id)
    {
        int status;
        while (waitpid(id, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != InterruptedCall)
                return -1;
        }

        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    /// <summary>All processes started by these, directly or not, as the process table shows them now. Empty where there is no /proc.</summary>
    public static IReadOnlyList<ProcessIdentity> Descendants(IEnumerable<int> roots)
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var children = new Dictionary<int, List<ProcessIdentity>>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) || Read(id) is not { } entry)
                continue;
            if (!children.TryGetValue(entry.Parent, out var siblings))
                children[entry.Parent] = siblings = [];
            siblings.Add(entry.Process);
        }

        List<ProcessIdentity> found = [];
        var queue = new Queue<int>(roots);
        while (queue.TryDequeue(out var current))
        {
            foreach (var child in children.GetValueOrDefault(current, []))
            {
                found.Add(child);
                queue.Enqueue(child.Id);
            }
        }

        return found;
    }

    /// <summary>The memory that processes have in use together, in bytes; what they share counts for each.</summary>
    public static long ResidentMemory(IEnumerable<int> processes) => processes.Sum(id =>
    {
        try
        {
            // proc_pid_statm(5): the second field is the resident set in pages.
            return long.Parse(File.ReadAllText($"/proc/{id}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    });

    /// <summary>Whether it is this very process, and no later one, that has its id.</summary>
    public static bool IsRunning(ProcessIdentity process) => Read(process.Id)?.Process == process;

    static (ProcessIdentity Process, int Parent)? Read(int id)
    {
        const int Parent = 4 - 3; // the fields of proc_pid_stat(5), less the three that come before
        const int StartTime = 22 - 3;
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The second field is the name in parentheses and may contain anything; what follows the last ')' is regular.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (new ProcessIdentity(id, long.Parse(fields[StartTime], CultureInfo.InvariantCulture)), int.Parse(fields[Parent], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

#pragma warning disable CA5392, SYSLIB1054
    [DllImport("libc", SetLastError = true)]
    static extern int kill(int id, int signal);

    [DllImport("libc", SetLastError = true)]
    static extern int waitpid(int id, int* status, int options);

    [DllImport("libc", SetLastError = true)]
    static extern int waitid(int type, uint id, byte* information, int options);
#pragma warning restore CA5392, SYSLIB1054
}
