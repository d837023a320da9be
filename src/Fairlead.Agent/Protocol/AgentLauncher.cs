using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Finds the agent of an environment, and starts one when there is none.</summary>
/// <param name="paths">The environment's state directory.</param>
/// <param name="programDirectory">The agent's files, as they were built; a copy of them is run.</param>
/// <param name="time">The clock for waiting.</param>
sealed class AgentLauncher(AgentPaths paths, AbsolutePath programDirectory, TimeProvider time)
{
    const string Program = "Fairlead.Agent.dll";

    /// <summary>What programs cannot do without; nothing else is handed down.</summary>
    static readonly string[] InheritedVariables = ["PATH", "HOME", "TMPDIR", "LANG", "DOTNET_ROOT", "TZ"];
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The agent that runs, or null. Starts nothing.</summary>
    public async Task<AgentClient?> FindAsync(CancellationToken cancellationToken)
    {
        if (paths.RecordedSocket() is not { } socket || !PrivateDirectory.IsPrivate(socket.Parent))
            return null;
        var client = new AgentClient(socket, time);
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (await client.TryGetInfoAsync(either.Token) is { } info)
            {
                EnsureUnderstood(info);
                return client;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            client.Dispose();
            throw new UserErrorException(
                $"The background process of the local platform in '{paths.Root}' does not answer within {AnswerLimit.TotalSeconds} s.",
                $"See its log '{paths.AgentLog}'. When it hangs, end it and run the command again: the next one takes up what it had.");
        }
        catch
        {
            client.Dispose();
            throw;
        }

        client.Dispose();
        return null;
    }

    /// <summary>The agent that runs, started if need be. Commands that do this at the same moment find the same one.</summary>
    public async Task<AgentClient> FindOrStartAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        ChildProcess? started = null;
        long logStart = 0;
        while (true)
        {
            if (await FindAsync(cancellationToken) is { } client)
                return client;

            if (started is { Exited.IsCompleted: true } ended && await ended.Exited != AgentProtocol.AlreadyRunning)
            {
                throw new UserErrorException(
                    $"The background process of the local platform did not start (exit code {await ended.Exited}). It wrote:{Environment.NewLine}{LogSince(logStart)}",
                    $"Mend what it says and run the command again. Its log is '{paths.AgentLog}'.");
            }

            if (time.GetElapsedTime(begun) > StartLimit)
            {
                throw new UserErrorException(
                    $"The background process of the local platform did not answer within {StartLimit.TotalSeconds} s.",
                    $"See its log '{paths.AgentLog}', end it if it hangs, and run the command again.");
            }

            // One that found another at work ends; when that other one was just ending itself, there is none in the end: start again.
            if (started is null or { Exited.IsCompleted: true })
                (started, logStart) = Start();
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Waits until no agent holds the state directory.</summary>
    public async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        while (paths.LockFile.FileExists())
        {
            try
            {
                await using var file = new FileStream(paths.LockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }

    (ChildProcess Process, long LogStart) Start()
    {
        PrivateDirectory.Make(paths.Root);
        paths.Logs.CreateDirectory();
        var program = InstallProgram();
        var logStart = paths.AgentLog.FileExists() ? new FileInfo(paths.AgentLog).Length : 0;
        var environment = InheritedVariables
            .Select(x => (Name: x, Value: Environment.GetEnvironmentVariable(x)))
            .Where(x => x.Value is not null)
            .ToDictionary(x => x.Name, x => x.Value!);
        var process = ChildProcess.Start(new ChildProcessStart
        {
            Program = FindHost(),
            Arguments = [program / Program, "--state", paths.Root],
            WorkingDirectory = paths.Root,
            Environment = environment,
            OutputFile = paths.AgentLog,
        });
        return (process, logStart);
    }

    /// <summary>Copies the program to where no rebuilt or deleted clone can pull it from under the running process.</summary>
    internal AbsolutePath InstallProgram()
    {
        if (!(programDirectory / Program).FileExists())
        {
            throw new UserErrorException(
                $"The local platform's background program is not at '{programDirectory}'.",
                "Build the project that refers to Fairlead.Deployment again: its build puts the program there.");
        }

        // Named by what was copied, not by what was there to copy: a build may be writing it just now.
        var temporary = paths.Programs / $"{Guid.NewGuid():N}.tmp";
        try
        {
            temporary.CreateDirectory();
            foreach (var file in programDirectory.GetFiles())
            {
                using var copy = new FileStream(file.CopyToDirectory(temporary), FileMode.Open, FileAccess.ReadWrite);
                copy.Flush(flushToDisk: true);
            }

            AtomicFile.FlushDirectory(temporary);
            var digest = DigestOf(temporary);
            var target = paths.Programs / digest[..16];
            if (target.DirectoryExists())
            {
                if (DigestOf(target) == digest)
                    return target;
                // Something has damaged it, so it cannot be what runs.
                target.DeleteDirectory();
            }

            try
            {
                Directory.Move(temporary, target);
                AtomicFile.FlushDirectory(paths.Programs);
            }
            catch (IOException) when (target.DirectoryExists())
            {
                // Another command was faster with the same content.
            }

            return target;
        }
        finally
        {
            temporary.DeleteDirectory();
        }
    }

    /// <summary>A digest over the names and contents of the program's files.</summary>
    public static string DigestOf(AbsolutePath directory)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in directory.GetFiles())
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.Name + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    string LogSince(long start)
    {
        try
        {
            using var stream = new FileStream(paths.AgentLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = Math.Min(start, stream.Length);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd().TrimEnd();
        }
        catch (FileNotFoundException)
        {
            return "(nothing)";
        }
    }

    /// <summary>The dotnet host that runs this process, also when it was started through a launcher of its own.</summary>
    static AbsolutePath FindHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Environment.ProcessPath is { } path && Path.GetFileName(path) == name)
            return AbsolutePath.Create(path);
        // <root>/shared/Microsoft.NETCore.App/<version>
        var fromRuntime = AbsolutePath.Create(RuntimeEnvironment.GetRuntimeDirectory()).Parent.Parent.Parent / name;
        return fromRuntime.FileExists()
            ? fromRuntime
            : ToolPath.Find("dotnet", AbsolutePath.CurrentDirectory, Environment.GetEnvironmentVariable("PATH")) ?? throw new ToolNotFoundException("dotnet");
    }

    void EnsureUnderstood(AgentInfo info)
    {
        if (info.Protocol != AgentProtocol.Version)
        {
            throw new UserErrorException(
                $"The background process of the local platform in '{paths.Root}' is of another version (its protocol is {info.Protocol}, this one is {AgentProtocol.Version}). It goes on serving.",
                "Run ':down' for this environment with the version that deployed it (or end that process), then deploy again.");
        }
    }
}
