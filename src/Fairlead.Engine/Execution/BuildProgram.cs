using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Fairlead.Engine;

/// <summary>A build as a program: arguments, signals, console and exit code of the process.</summary>
static class BuildProgram
{
    public static int Execute<T>(Func<T, Target>[] defaultTargets)
        where T : FairleadBuild, new()
    {
        var arguments = Environment.GetCommandLineArgs().Skip(1).ToImmutableArray();
        try
        {
            if (BuildCopy.RebuildIfStale(arguments) is { } exitCode)
                return exitCode;
        }
        catch (Exception e)
        {
            // Whatever keeps it from being compared must not keep anybody from rolling back.
            Console.Error.WriteLine($"Whether the build project has changed could not be found out: {e.Message}");
            Console.Error.WriteLine("  → This runs the last build that was compiled. Delete .nuke/temp/build to compile again.");
        }

        var output = Console.Out;
        using var stop = new CancellationTokenSource();
        var run = new BuildRun<T>(
            new BuildOptions
            {
                Arguments = arguments,
                Output = output,
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
}
