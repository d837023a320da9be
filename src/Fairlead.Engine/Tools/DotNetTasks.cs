using System.Runtime.ExceptionServices;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// The .NET CLI, for <c>using static</c>: <c>DotNetBuild(_ => _.SetProjectFile(Solution))</c>. Each call belongs to the target that makes it: its output
/// goes there, and stopping the target stops it.
/// </summary>
public static class DotNetTasks
{
    /// <summary>Any <c>dotnet</c> command: <c>DotNet($"tool install {name}")</c>. Values are never split; see <see cref="ArgumentStringHandler"/>.</summary>
    public static ProcessResult DotNet(ArgumentStringHandler arguments, AbsolutePath? workingDirectory = null, bool logOutput = true) =>
        Run(Tooling.DotNet.Command(arguments.ToArguments()) with { WorkingDirectory = workingDirectory, Secrets = arguments.Secrets }, logOutput);

    /// <summary><c>dotnet restore</c>.</summary>
    public static ProcessResult DotNetRestore(Configure<DotNetRestoreSettings> configure) => Run(configure(new DotNetRestoreSettings()).ToCommand());

    /// <summary><c>dotnet clean</c>.</summary>
    public static ProcessResult DotNetClean(Configure<DotNetCleanSettings> configure) => Run(configure(new DotNetCleanSettings()).ToCommand());

    /// <summary><c>dotnet build</c>.</summary>
    public static ProcessResult DotNetBuild(Configure<DotNetBuildSettings> configure) => Run(configure(new DotNetBuildSettings()).ToCommand());

    /// <summary><c>dotnet build</c> for each of the settings.</summary>
    public static IReadOnlyList<ProcessResult> DotNetBuild(CombinatorialConfigure<DotNetBuildSettings> configure, int degreeOfParallelism = 1, bool completeOnFailure = false) =>
        RunAll(configure(new DotNetBuildSettings()).Select(x => x.ToCommand()), degreeOfParallelism, completeOnFailure);

    /// <summary><c>dotnet test</c>.</summary>
    public static ProcessResult DotNetTest(Configure<DotNetTestSettings> configure) => Run(configure(new DotNetTestSettings()).ToCommand());

    /// <summary><c>dotnet test</c> for each of the settings.</summary>
    public static IReadOnlyList<ProcessResult> DotNetTest(CombinatorialConfigure<DotNetTestSettings> configure, int degreeOfParallelism = 1, bool completeOnFailure = false) =>
        RunAll(configure(new DotNetTestSettings()).Select(x => x.ToCommand()), degreeOfParallelism, completeOnFailure);

    /// <summary><c>dotnet pack</c>.</summary>
    public static ProcessResult DotNetPack(Configure<DotNetPackSettings> configure) => Run(configure(new DotNetPackSettings()).ToCommand());

    /// <summary><c>dotnet pack</c> for each of the settings.</summary>
    public static IReadOnlyList<ProcessResult> DotNetPack(CombinatorialConfigure<DotNetPackSettings> configure, int degreeOfParallelism = 1, bool completeOnFailure = false) =>
        RunAll(configure(new DotNetPackSettings()).Select(x => x.ToCommand()), degreeOfParallelism, completeOnFailure);

    /// <summary><c>dotnet publish</c>.</summary>
    public static ProcessResult DotNetPublish(Configure<DotNetPublishSettings> configure) => Run(configure(new DotNetPublishSettings()).ToCommand());

    /// <summary><c>dotnet publish</c> for each of the settings.</summary>
    public static IReadOnlyList<ProcessResult> DotNetPublish(CombinatorialConfigure<DotNetPublishSettings> configure, int degreeOfParallelism = 1, bool completeOnFailure = false) =>
        RunAll(configure(new DotNetPublishSettings()).Select(x => x.ToCommand()), degreeOfParallelism, completeOnFailure);

    /// <summary><c>dotnet run</c>.</summary>
    public static ProcessResult DotNetRun(Configure<DotNetRunSettings> configure) => Run(configure(new DotNetRunSettings()).ToCommand());

    /// <summary><c>dotnet nuget push</c>.</summary>
    public static ProcessResult DotNetNuGetPush(Configure<DotNetNuGetPushSettings> configure) => Run(configure(new DotNetNuGetPushSettings()).ToCommand());

    /// <summary><c>dotnet nuget push</c> for each of the settings.</summary>
    public static IReadOnlyList<ProcessResult> DotNetNuGetPush(CombinatorialConfigure<DotNetNuGetPushSettings> configure, int degreeOfParallelism = 1, bool completeOnFailure = false) =>
        RunAll(configure(new DotNetNuGetPushSettings()).Select(x => x.ToCommand()), degreeOfParallelism, completeOnFailure);

    /// <summary><c>dotnet format</c>.</summary>
    public static ProcessResult DotNetFormat(Configure<DotNetFormatSettings> configure) => Run(configure(new DotNetFormatSettings()).ToCommand());

    /// <summary><c>dotnet tool install</c>.</summary>
    public static ProcessResult DotNetToolInstall(Configure<DotNetToolInstallSettings> configure) => Run(configure(new DotNetToolInstallSettings()).ToCommand());

    /// <summary><c>dotnet tool restore</c>.</summary>
    public static ProcessResult DotNetToolRestore(Configure<DotNetToolRestoreSettings>? configure = null)
    {
        var settings = new DotNetToolRestoreSettings();
        return Run((configure?.Invoke(settings) ?? settings).ToCommand());
    }

    static ProcessResult Run(ToolCommand command, bool logOutput = true)
    {
        var context = BuildContext.Current;
        // Before anything shows the command, and not only once it runs.
        foreach (var secret in command.Secrets)
            context.Redactor.Add(secret);
        return context.RunAsync(command, logOutput).GetAwaiter().GetResult();
    }

    // The results have the order of the commands.
    static IReadOnlyList<ProcessResult> RunAll(IEnumerable<ToolCommand> commands, int degreeOfParallelism, bool completeOnFailure)
    {
        var all = commands.ToList();
        var results = new ProcessResult[all.Count];
        var failures = new Exception?[all.Count];
        var cancellation = BuildContext.Current.CancellationToken;
        Parallel.For(0, all.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, degreeOfParallelism) }, (i, state) =>
        {
            try
            {
                results[i] = Run(all[i]);
            }
            catch (Exception e)
            {
                failures[i] = e;
                if (!completeOnFailure || cancellation.IsCancellationRequested)
                    state.Stop();
            }
        });

        // Stopped is not failed, however many commands were stopped.
        cancellation.ThrowIfCancellationRequested();
        var errors = failures.OfType<Exception>().ToList();
        if (errors is [var only])
            ExceptionDispatchInfo.Throw(only);
        return errors.Count == 0
            ? results
            : throw new UserErrorException(
                string.Join(Environment.NewLine, errors.Select(x => x is UserErrorException user ? user.Display : x.Message)), null, new AggregateException(errors));
    }
}
