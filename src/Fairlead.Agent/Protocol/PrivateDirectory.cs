using System.Runtime.InteropServices;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Directories that only their user can enter.</summary>
static class PrivateDirectory
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the directory, or checks one that is there.</summary>
    /// <exception cref="UserErrorException">It belongs to somebody else.</exception>
    public static void Make(AbsolutePath directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(directory, OwnerOnly);
        if (!IsMine(directory))
        {
            throw new UserErrorException(
                $"The directory '{directory}' is needed for the control socket, but it belongs to somebody else or is a link.",
                "Remove it, or choose a state directory with a shorter path.");
        }

        File.SetUnixFileMode(directory, OwnerOnly);
    }

    /// <summary>Whether the directory is a real one, belongs to this user, and nobody else can enter it.</summary>
    public static bool IsPrivate(AbsolutePath directory) =>
        !OperatingSystem.IsWindows() && IsMine(directory) && (File.GetUnixFileMode(directory) & ~OwnerOnly) == UnixFileMode.None;

    static unsafe bool IsMine(AbsolutePath directory)
    {
        var info = new DirectoryInfo(directory);
        if (!info.Exists || info.LinkTarget is not null)
            return false;
        // The framework does not tell owners. The layout of statx is the same on every architecture of Linux; elsewhere the mode, which
        // only the owner can set to what IsPrivate asks for, has to do.
        if (!OperatingSystem.IsLinux())
            return true;
        const int CurrentDirectory = -100;
        const int DoNotFollow = 0x100;
        const uint OwnerMask = 0x8;
        const int OwnerOffset = 20;
        var buffer = stackalloc byte[256];
        return statx(CurrentDirectory, directory, DoNotFollow, OwnerMask, buffer) == 0 && *(uint*)(buffer + OwnerOffset) == geteuid();
    }

#pragma warning disable CA5392, SYSLIB1054, CA2101 // libc is found by the loader; UTF-8 is what its paths are
    [DllImport("libc", CharSet = CharSet.Ansi)]
    static extern unsafe int statx(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte* buffer);

    [DllImport("libc")]
    static extern uint geteuid();
#pragma warning restore CA5392, SYSLIB1054, CA2101
}
