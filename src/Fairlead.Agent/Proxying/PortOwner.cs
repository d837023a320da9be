using System.Globalization;

namespace Fairlead.Agent;

/// <summary>Finds out who listens on a port, from what the system tells in /proc.</summary>
static class PortOwner
{
    /// <summary><c>name (process 123)</c>, or null when that cannot be seen or is this very process: nobody shall be told to end that.</summary>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var sockets = ListeningInodes("/proc/net/tcp", port).Concat(ListeningInodes("/proc/net/tcp6", port)).Select(x => $"socket:[{x}]").ToHashSet();
        if (sockets.Count == 0)
            return null;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId || !Holds(directory, sockets))
                continue;
            try
            {
                return $"{File.ReadAllText($"{directory}/comm").Trim()} (process {id})";
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return null;
    }

    static IEnumerable<string> ListeningInodes(string table, int port)
    {
        const string Listening = "0A";
        if (!File.Exists(table))
            yield break;
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal))
                yield return fields[9];
        }
    }

    static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"{process}/fd").Any(x => new FileInfo(x).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
