using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>A build as a program: arguments, signals, console and exit code of the process.</summary>
static class BuildProgram
{
    public static int Execute<T>(Func<T, Target>[] defaultTargets)
        where T : FairleadBuild, new()
    {
        var arguments = Environment.GetCommandLineArgs().Skip(1).ToImmutableArray();
        if (BuildCopy.RebuildIfStale(arguments) is { } exitCode)
            return exitCode;
        UseOwnDotNet();

        var output = Console.Out;
        using var stop = new CancellationTokenSource();
        var run = new BuildRun<T>(
            new BuildOptions
            {
                Arguments = arguments,
                Output = output,
                Error = Console.Error,
                UseColor = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "",
            },
            defaultTargets)
        { BridgeConsole = true };

        var signal = 0;
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            if (signal != 0)
            {
                // Asked twice: nothing is waited for, and nothing is left behind.
                run.KillProcesses();
                Environment.Exit(signal);
            }

            signal = context.Signal == PosixSignal.SIGINT ? ExitCodes.Interrupted : ExitCodes.Terminated;
            run.Announce("Stopping. Once more to stop at once.");
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        var result = run.RunAsync(stop.Token).GetAwaiter().GetResult();
        output.Flush();
        // A body that ignores its token must not keep the process alive.
        run.KillProcesses();
        return signal != 0 ? signal : result.ExitCode;
    }

    /// <summary>
    /// Targets use the <c>dotnet</c> that runs this program: <c>build.sh</c> has chosen it because an SDK beside it fits <c>global.json</c>, and it may not be
    /// on the PATH, or not the first.
    /// </summary>
    static void UseOwnDotNet()
    {
        if (Environment.ProcessPath is not { } process || Path.GetFileNameWithoutExtension(process) != "dotnet")
            return;
        var directory = AbsolutePath.Create(process).Parent;
        var path = Environment.GetEnvironmentVariable("PATH");
        var found = ToolPath.Find("dotnet", directory, path);
        var real = found is null ? null : new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found;
        Environment.SetEnvironmentVariable("DOTNET_HOST_PATH", process);
        if (real == process)
            return;
        Environment.SetEnvironmentVariable("PATH", $"{directory}{Path.PathSeparator}{path}");
        Environment.SetEnvironmentVariable("DOTNET_ROOT", directory);
    }
}
