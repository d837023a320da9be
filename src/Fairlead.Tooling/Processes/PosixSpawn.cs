using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Fairlead.Tooling;

/// <summary>posix_spawn with a new session, default signal handlers and an empty signal mask.</summary>
[UnsupportedOSPlatform("windows")]
sealed unsafe class PosixSpawn : IDisposable
{
    // fcntl.h; Linux and macOS differ in everything but reading.
    public const int ReadOnly = 0;
    const int LinuxAppendCreate = 0x401 | 0x40;
    const int MacAppendCreate = 0x1 | 0x8 | 0x200;

    // spawn.h
    const short SetSignalDefaults = 0x04;
    const short SetSignalMask = 0x08;
    const short LinuxSetSession = 0x80;
    const short MacSetSession = 0x400;

    // Larger than posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t of glibc, musl and macOS.
    const int StructureSize = 1024;

    readonly void* _actions = NativeMemory.AllocZeroed(StructureSize);
    readonly void* _attributes = NativeMemory.AllocZeroed(StructureSize);

    public PosixSpawn()
    {
        Check(posix_spawn_file_actions_init(_actions), "posix_spawn_file_actions_init");
        Check(posix_spawnattr_init(_attributes), "posix_spawnattr_init");
        var signals = stackalloc byte[StructureSize];
        _ = sigfillset(signals);
        Check(posix_spawnattr_setsigdefault(_attributes, signals), "posix_spawnattr_setsigdefault");
        _ = sigemptyset(signals);
        Check(posix_spawnattr_setsigmask(_attributes, signals), "posix_spawnattr_setsigmask");
        var session = OperatingSystem.IsMacOS() ? MacSetSession : LinuxSetSession;
        Check(posix_spawnattr_setflags(_attributes, (short)(SetSignalDefaults | SetSignalMask | session)), "posix_spawnattr_setflags");
    }

    public static int AppendCreate => OperatingSystem.IsMacOS() ? MacAppendCreate : LinuxAppendCreate;

    public void Open(int descriptor, string path, int flags)
    {
        const uint OwnerReadWrite = 0x180;
        fixed (byte* text = Terminated(path))
            Check(posix_spawn_file_actions_addopen(_actions, descriptor, text, flags, OwnerReadWrite), "posix_spawn_file_actions_addopen");
    }

    public void Duplicate(int from, int to) =>
        Check(posix_spawn_file_actions_adddup2(_actions, from, to), "posix_spawn_file_actions_adddup2");

    public void ChangeDirectory(string path)
    {
        fixed (byte* text = Terminated(path))
            Check(posix_spawn_file_actions_addchdir_np(_actions, text), "posix_spawn_file_actions_addchdir_np");
    }

    public int Start(string program, string[] arguments, string[] environment)
    {
        var argv = Allocate(arguments);
        var envp = Allocate(environment);
        try
        {
            int id;
            fixed (byte* text = Terminated(program))
            {
                const int TextFileBusy = 26;
                int error;
                // A concurrent fork may hold a just written program open for writing for an instant.
                for (var attempt = 0; (error = posix_spawn(&id, text, _actions, _attributes, argv, envp)) == TextFileBusy && attempt < 50; attempt++)
                    Thread.Yield();
                if (error != 0)
                    throw new ToolNotFoundException(program, $"The system says: {Marshal.GetPInvokeErrorMessage(error)}. Check that it exists and may be executed.");
            }

            return id;
        }
        finally
        {
            Free(argv, arguments.Length);
            Free(envp, environment.Length);
        }
    }

    public void Dispose()
    {
        _ = posix_spawn_file_actions_destroy(_actions);
        _ = posix_spawnattr_destroy(_attributes);
        NativeMemory.Free(_actions);
        NativeMemory.Free(_attributes);
    }

    static byte** Allocate(string[] texts)
    {
        var array = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Length; i++)
        {
            var bytes = Terminated(texts[i]);
            array[i] = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            bytes.CopyTo(new Span<byte>(array[i], bytes.Length));
        }

        return array;
    }

    static void Free(byte** array, int length)
    {
        for (var i = 0; i < length; i++)
            NativeMemory.Free(array[i]);
        NativeMemory.Free(array);
    }

    static byte[] Terminated(string text) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new UserErrorException("An argument, variable or path for a process contains a NUL character.", "Remove it: no program can be given one.")
        : [.. Encoding.UTF8.GetBytes(text), 0];

    static void Check(int error, string function)
    {
        if (error != 0)
            throw new InvalidOperationException($"{function} failed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

#pragma warning disable CA5392, SYSLIB1054 // libc is found by the loader; blittable arguments need no generated marshalling
    [DllImport("libc")]
    static extern int posix_spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** envp);

    [DllImport("libc")]
    static extern int posix_spawn_file_actions_init(void* actions);

    [DllImport("libc")]
    static extern int posix_spawn_file_actions_destroy(void* actions);

    [DllImport("libc")]
    static extern int posix_spawn_file_actions_addopen(void* actions, int descriptor, byte* path, int flags, uint mode);

    [DllImport("libc")]
    static extern int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [DllImport("libc")]
    static extern int posix_spawn_file_actions_addchdir_np(void* actions, byte* path);

    [DllImport("libc")]
    static extern int posix_spawnattr_init(void* attributes);

    [DllImport("libc")]
    static extern int posix_spawnattr_destroy(void* attributes);

    [DllImport("libc")]
    static extern int posix_spawnattr_setflags(void* attributes, short flags);

    [DllImport("libc")]
    static extern int posix_spawnattr_setsigdefault(void* attributes, byte* signals);

    [DllImport("libc")]
    static extern int posix_spawnattr_setsigmask(void* attributes, byte* signals);

    [DllImport("libc")]
    static extern int sigfillset(byte* signals);

    [DllImport("libc")]
    static extern int sigemptyset(byte* signals);
#pragma warning restore CA5392, SYSLIB1054
}
