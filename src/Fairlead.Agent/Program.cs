using System.Runtime.InteropServices;
using Fairlead.Agent;
using Fairlead.Tooling;

if (args is not ["--state", { Length: > 0 } directory])
{
    await Console.Error.WriteLineAsync("Usage: dotnet Fairlead.Agent.dll --state <directory>");
    return 2;
}

if (OperatingSystem.IsWindows())
{
    await Console.Error.WriteLineAsync("The local platform needs Linux or macOS.");
    return AgentProtocol.CannotStart;
}

SocketEngine.RunInline();

// The terminal that it was started from may close; the other two are how it is asked to end.
var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, x => x.Cancel = true);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, RequestStop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, RequestStop);

ReplicaLog? log = null;
try
{
    var paths = new AgentPaths(AbsolutePath.Resolve(AbsolutePath.CurrentDirectory, directory));
    PrivateDirectory.Make(paths.Root);
    // Never closed: the end of the process gives it back, and not a moment earlier.
    var held = TryLock(paths.LockFile);
    if (held is null)
        return AgentProtocol.AlreadyRunning;

    if (await Leftovers.EndAsync(paths.Root) is { Count: > 0 } ended)
        Log($"Ended {ended.Count} processes that an agent before this one left: {string.Join(", ", ended)}.");

    var supervisor = new Supervisor(paths, new ReplicaHost(TimeProvider.System, Random.Shared), TimeProvider.System, Log);
    await supervisor.RestoreAsync();
    log = new ReplicaLog(paths.AgentLog);
    try
    {
        Housekeeping.PruneLeftovers(paths, AbsolutePath.Create(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), TimeProvider.System.GetUtcNow());
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        Log($"Old files could not be deleted: {e.Message}");
    }


    // Whoever holds the lock is the only agent here: a socket that is still there is a dead one's.
    var socket = paths.ChooseSocket(AbsolutePath.Create(Path.GetTempPath()));
    PrivateDirectory.Make(socket.Parent);
    socket.DeleteFile();
    var info = new AgentInfo(AgentProtocol.Version, AgentLauncher.DigestOf(AbsolutePath.Create(AppContext.BaseDirectory)), Environment.ProcessId);
    await using var control = await HttpServer.ListenAsync(socket, new ControlApi(supervisor, info).HandleAsync);
    File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    AtomicFile.Write(paths.SocketRecord, socket.ToString());
    Log($"Serving '{paths.Root}' as process {info.ProcessId}, program {info.Program[..16]}.");

    await Task.WhenAny(stop.Task, supervisor.Removed);
    if (!supervisor.Removed.IsCompleted)
        await supervisor.ShutDownAsync();
    // Answers that are under way get out.
    await control.StopAsync(TimeSpan.FromSeconds(2), TimeProvider.System);
    socket.Parent.DeleteDirectory();
    Log("Ended.");
    GC.KeepAlive(held);
    return 0;
}
catch (UserErrorException e)
{
    await Console.Error.WriteLineAsync(e.Display);
    return AgentProtocol.CannotStart;
}

void RequestStop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult();
}

void Log(string message)
{
    log?.Bound();
    Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {message}");
}

static FileStream? TryLock(AbsolutePath file)
{
    try
    {
        return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }
    catch (IOException)
    {
        return null;
    }
}
