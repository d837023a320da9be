using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// The directory that this build program was started from. <c>build.sh</c> compiles the build project into a copy of its own
/// (<c>.nuke/build/copies/…</c>) and starts the copy directly from then on. At every start the copy compares the files that it was compiled
/// from with what it remembers of them, and hands over to the script, which compiles again, when anything is different.
/// </summary>
static class BuildCopy
{
    const string Rebuilding = "FAIRLEAD_REBUILD";
    const string Stale = "FAIRLEAD_STALE";

    /// <summary>The file in the copy that remembers its inputs.</summary>
    const string FingerprintFile = "fingerprint.txt";

    /// <summary>
    /// Compares, and when something is different replaces this process by the script. Returns the script's exit code where a process
    /// cannot be replaced, and null when this program shall go on.
    /// </summary>
    public static int? RebuildIfStale(ImmutableArray<string> arguments)
    {
        var rebuilt = TakeVariable(Rebuilding);
        var stale = TakeVariable(Stale);
        var copy = AbsolutePath.Create(AppContext.BaseDirectory);
        // Started by an IDE or by 'dotnet run': whoever did that has compiled.
        if (copy.Parent.Name != "copies" || copy.Parent.Parent.Name != "build" || copy.Parent.Parent.Parent.Name != ".nuke" || stale)
            return null;

        var root = copy.Parent.Parent.Parent.Parent;
        try
        {
            // What is started now is not old, whenever it was compiled.
            Directory.SetLastWriteTimeUtc(copy, DateTime.UtcNow);
            if (IsFresh(copy, root) || rebuilt)
                return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UserErrorException)
        {
            Console.Error.WriteLine($"Whether the build project has changed could not be found out ({e.Message}), so it is compiled.");
            // Something is in the way again and again: go on with what was just compiled.
            if (rebuilt)
                return null;
        }

        return HandOver(root, arguments);
    }

    static bool IsFresh(AbsolutePath copy, AbsolutePath root)
    {
        var file = copy / FingerprintFile;
        var known = BuildFingerprint.Load(file);
        if (known is null)
        {
            // The first start of a new copy. Only now it is known what the compiler read; what has changed since makes it stale at once.
            known = BuildFingerprint.OfCopy(copy, root);
            known.Save(file);
            RemoveOldCopies(copy);
        }

        var (fresh, updated) = known.Compare(root);
        updated?.Save(file);
        return fresh;
    }

    /// <summary>Reads a message from the script, which must not go on to builds that targets start.</summary>
    static bool TakeVariable(string name)
    {
        var set = Environment.GetEnvironmentVariable(name) == "1";
        Environment.SetEnvironmentVariable(name, null);
        return set;
    }

    static int? HandOver(AbsolutePath root, ImmutableArray<string> arguments)
    {
        if (OperatingSystem.IsWindows())
            return ScriptExitCodes.Rebuild;
        var script = root / "build.sh";
        if (!script.FileExists())
            return null;
        Environment.SetEnvironmentVariable(Rebuilding, "1");
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>().Select(x => $"{x}={Environment.GetEnvironmentVariable(x)}");
        string?[] argv = ["bash", script, .. arguments, null];
        string?[] envp = [.. environment, null];
        // Same process id, same terminal, same signals: the caller cannot tell the difference.
        _ = execve("/bin/bash", argv, envp);
        _ = execve("/usr/bin/bash", argv, envp);
        throw new UserErrorException($"'{script}' could not be started to compile the build project again.", "Run it by hand.");
    }

    /// <summary>Deletes copies that nobody has started for a week.</summary>
    static void RemoveOldCopies(AbsolutePath current)
    {
        foreach (var copy in current.Parent.GetDirectories().Where(x => x != current && Directory.GetLastWriteTimeUtc(x) < DateTime.UtcNow.AddDays(-7)))
        {
            try
            {
                copy.DeleteDirectory();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another start removes it just now, or will the next time.
            }
        }
    }

#pragma warning disable CA5392, SYSLIB1054, CA2101
    [DllImport("libc", CharSet = CharSet.Ansi)]
    static extern int execve(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] environment);
#pragma warning restore CA5392, SYSLIB1054, CA2101
}
