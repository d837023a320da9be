using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// The .NET CLI, for <c>using static</c>: <c>DotNetBuild(_ => _.SetProjectFile(Solution))</c>. Each call belongs to the target that makes it: its output
/// goes there, and stopping the target stops it.
/// </summary>
public static class DotNetTasks
{
    /// <summary>Any <c>dotnet</c> command: <c>DotNet($"tool install {name}")</c>. Values are never split.</summary>
    public static ProcessResult DotNet(ArgumentStringHandler arguments, AbsolutePath? workingDirectory = null, bool logOutput = true) =>
        Run(Tooling.DotNet.Command(arguments.ToArguments()) with { WorkingDirectory = workingDirectory }, logOutput);

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

    static ProcessResult Run(ToolCommand command, bool logOutput = true) => BuildContext.Current.RunAsync(command, logOutput).GetAwaiter().GetResult();

    static IReadOnlyList<ProcessResult> RunAll(IEnumerable<ToolCommand> commands, int degreeOfParallelism, bool completeOnFailure)
    {
        var results = new List<ProcessResult>();
        var errors = new List<Exception>();
        var gate = new Lock();
        Parallel.ForEach(commands, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, degreeOfParallelism) }, (command, state) =>
        {
            try
            {
                var result = Run(command);
                lock (gate)
                    results.Add(result);
            }
            catch (Exception e)
            {
                lock (gate)
                    errors.Add(e);
                if (!completeOnFailure)
                    state.Stop();
            }
        });
        return errors switch
        {
            [] => results,
            [var only] => throw only,
            _ => throw new UserErrorException(string.Join(Environment.NewLine, errors.Select(x => x.Message))),
        };
    }
}
