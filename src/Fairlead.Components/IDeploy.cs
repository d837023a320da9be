using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>
/// Deploys sealed releases to environments. <c>Target DeployTesting => _ => _.Deploys("testing");</c> makes a target for any environment.
/// </summary>
public interface IDeploy : IHazRelease, IHazEnvironments
{
    /// <summary>Where it is remembered what was deployed: outside of the clone, so that two clones share one environment.</summary>
    AbsolutePath StateDirectory => FileDeploymentStore.DefaultRoot(x => Context.Environment.GetValueOrDefault(x));

    /// <summary>Makes the deployer that a target or verb works with.</summary>
    /// <param name="command">What runs, for those who wait for it.</param>
    Deployer CreateDeployer(string command)
    {
        var store = new FileDeploymentStore(StateDirectory, EnvironmentsFile.Application, Context.Time);
        return new Deployer(
            store,
            environment => new LocalPlatform(store.DirectoryOf(environment.Name), Context.Time, x => Context.Write(LogLevel.Warning, x)),
            new DeployerOptions
            {
                Time = Context.Time,
                Probe = new HttpEndpointProbe(),
                User = Environment.UserName,
                Host = Environment.MachineName,
                Command = command,
            });
    }

    /// <summary>Deploys the release to an environment; refuses, naming each thing, when something is missing.</summary>
    /// <param name="environmentName">The environment.</param>
    /// <param name="command">What runs, for those who wait for it.</param>
    /// <param name="cancellationToken">Takes the deployment back while that is possible.</param>
    sealed async Task DeployAsync(string environmentName, string command, CancellationToken cancellationToken)
    {
        var environment = FindEnvironment(environmentName);
        var (release, directory) = LoadRelease();
        var deployer = CreateDeployer(command);
        var missing = await deployer.PreconditionsAsync(environment, release, directory, cancellationToken);
        if (!missing.IsEmpty)
        {
            throw new UserErrorException(
                $"{release.Version} is not deployed to {environment.Name}; {(missing.Length == 1 ? "one thing is" : $"{missing.Length} things are")} missing:{Environment.NewLine}{string.Join(Environment.NewLine, missing)}")
            {
                ExitCode = ExitCodes.Refused,
            };
        }

        var outcome = await deployer.DeployAsync(environment, release, directory, x => Context.Write(LogLevel.Information, x), cancellationToken);
        Context.Write(LogLevel.Information, outcome.Message);
        ReportSummary(environment.Name, outcome.Message);
    }

    /// <summary><c>:status [ENVIRONMENT]</c>.</summary>
    [Verb("status", "Shows what is live, what was interrupted, and where one could go back to.", Usage = "[ENVIRONMENT]")]
    async Task ShowStatusAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var deployer = CreateDeployer(":status");
        var environments = arguments.SinglePositional is { } name
            ? [Rescued(name)]
            : EnvironmentsFile.Environments;
        if (environments.IsEmpty)
            throw new ProblemsException(EnvironmentsFile.Problems) { ExitCode = ExitCodes.Usage };
        foreach (var environment in environments)
        {
            var status = await deployer.StatusAsync(environment, cancellationToken);
            foreach (var line in status.ToString().ReplaceLineEndings("\n").Split('\n').Append(""))
                Context.Write(LogLevel.Information, line);
        }
    }

    /// <summary><c>:rollback ENVIRONMENT [--to VERSION]</c>.</summary>
    [Verb("rollback", "Goes back to the release that was live before, or to an earlier version.", Usage = "ENVIRONMENT [--to VERSION]", Options = ["to"])]
    async Task RollBackAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        var outcome = await CreateDeployer(":rollback").RollbackAsync(environment, arguments.Option("to"), x => Context.Write(LogLevel.Information, x), cancellationToken);
        Context.Write(LogLevel.Information, outcome.Message);
    }

    /// <summary><c>:down ENVIRONMENT</c>.</summary>
    [Verb("down", "Stops everything in an environment that is not protected.", Usage = "ENVIRONMENT")]
    async Task TakeDownAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        if (environment.IsProtected)
            throw new UserErrorException($"{environment.Name} is protected, so it is not taken down.", $"To stop it on purpose, write 'protected: false' for it into '{RootDirectory.GetUnixRelativePathTo(EnvironmentsPath)}' first.") { ExitCode = ExitCodes.Refused };
        var outcome = await CreateDeployer(":down").DownAsync(environment, x => Context.Write(LogLevel.Information, x), cancellationToken);
        Context.Write(LogLevel.Information, outcome.Message);
    }

    /// <summary>
    /// The environment for a verb. With mistakes in the file its application may be wrong too: nothing is said of an environment under a name
    /// under which nothing was ever deployed.
    /// </summary>
    private EnvironmentSpec Rescued(string name)
    {
        var environment = FindEnvironmentForRescue(name);
        if (!EnvironmentsFile.Problems.IsEmpty && StateDirectory.DirectoryExists() && !(StateDirectory / environment.Application / name).DirectoryExists())
        {
            var others = StateDirectory.GetDirectories().Where(x => (x / name).DirectoryExists()).Select(x => x.Name).ToList();
            if (others.Count > 0)
            {
                throw new UserErrorException(
                    $"The file's mistakes leave the application's name unclear: nothing of '{environment.Application}' was ever deployed to {name}, but of {string.Join(", ", others.Select(x => $"'{x}'"))}.",
                    $"Mend the line 'application:' in '{RootDirectory.GetUnixRelativePathTo(EnvironmentsPath)}'.")
                {
                    ExitCode = ExitCodes.Usage,
                };
            }
        }

        return environment;
    }

    private string Named(VerbArguments arguments) => arguments.SinglePositional ?? throw new UserErrorException(
        $"':{arguments.Verb}' needs the name of an environment.",
        $"There are: {string.Join(", ", EnvironmentsFile.Environments.Select(x => x.Name))}. Usage: :{arguments.Verb} {arguments.Usage}")
    {
        ExitCode = ExitCodes.Usage,
    };
}
