using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>
/// Deploys sealed releases to environments. <c>Target DeployTesting => _ => _.Deploys("testing");</c> makes a target for any environment.
/// </summary>
public interface IDeploy : IHazRelease, IHazAudit, IHazMetrics
{
    /// <summary>Makes the deployer that a target or verb works with.</summary>
    /// <param name="command">What runs, for those who wait for it.</param>
    Deployer CreateDeployer(string command)
    {
        var local = LocalStore;
        return new Deployer(
            OpenDeploymentStore(),
            environment => new LocalPlatform(local.DirectoryOf(environment.Name), Context.Time, x => Context.Write(LogLevel.Warning, x)) { MetricsAddress = environment.MetricsAddress },
            new DeployerOptions
            {
                Time = Context.Time,
                Probe = new HttpEndpointProbe(),
                Metrics = new MetricSources(new PrometheusSource(time: Context.Time), new CommandSource(Context.Processes, RootDirectory)),
                Flags = new FileFlagProvider(environment => local.DirectoryOf(environment.Name) / "flags.json"),
                Secrets = new LocalSecretSource(x => Context.Environment.GetValueOrDefault(x), Context.Redactor),
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
        if (IsSchemaStale(orMissing: false))
            Context.Write(LogLevel.Information, $"{EnvironmentsSchema.FileName} is of another version of Fairlead; './build.sh :environments' writes it anew.");
        var (release, directory) = VerifyRelease();
        var deployer = CreateDeployer(command);
        ImmutableArray<Problem> missing = [.. await deployer.PreconditionsAsync(environment, release, directory, cancellationToken), .. await SecurityProblemsAsync(environment, release, cancellationToken)];
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

    /// <summary>The rollout plan of the release that is sealed now, for <c>--plan</c>.</summary>
    internal sealed async Task<string?> PreviewAsync(string environmentName, CancellationToken cancellationToken)
    {
        if (!IsReleaseSealed())
            return $"How the release gets to {environmentName} is planned when it is sealed: Package makes it first.";
        var environment = FindEnvironment(environmentName);
        var (release, directory) = VerifyRelease();
        var deployer = CreateDeployer("--plan");
        var plan = await deployer.PlanAsync(environment, release, cancellationToken);
        ImmutableArray<Problem> missing = [.. await deployer.PreconditionsAsync(environment, release, directory, cancellationToken), .. await SecurityProblemsAsync(environment, release, cancellationToken)];
        var status = await deployer.StatusAsync(environment, cancellationToken);
        return string.Join(Environment.NewLine, (IEnumerable<string>)
        [
            plan.ToString(),
            .. status.Unfinished is null ? (IEnumerable<string>)[] : ["", $"Before that: {status.Unfinished.Next}"],
            .. missing.Select(x => $"It would be refused: {x}"),
        ]);
    }

    // The gate of the environment, which may be narrower than that of the build, and the files that say whom to believe.
    private async Task<IEnumerable<Problem>> SecurityProblemsAsync(EnvironmentSpec environment, ReleaseManifest release, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        if (this is IScanPart || (RootDirectory / SecurityPolicyReader.FileName).FileExists())
        {
            var policy = (this as IScanPart)?.SecurityPolicy ?? Context.Once(() => SecurityPolicyReader.Load(RootDirectory));
            var known = EnvironmentsFile.Environments.Select(x => x.Name).ToList();
            problems.AddRange(policy.Environments.Keys.Except(known, StringComparer.Ordinal)
                .Select(x => new Problem($"'{SecurityPolicyReader.FileName}' has a gate for the environment '{x}', which does not exist.", Suggestion.Sentence(x, known) ?? $"There are: {string.Join(", ", known)}.")));
            problems.AddRange(SecurityGate.Check(policy, environment.Name, release.Verdict(VerdictKinds.Scan)).Select(x => new Problem(x)));
        }

        if (environment.IsProtected)
        {
            string[] trusted = [".nuke/keys", SecurityPolicyReader.FileName];
            var status = await Context.Processes.RunAsync(Git.Command(RootDirectory, ["status", "--porcelain=v1", "--untracked-files=all", "--", .. trusted]), cancellationToken: cancellationToken);
            problems.AddRange(status.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => new Problem($"'{x[3..]}' says whom {environment.Name} believes, and is not what is committed.", "Commit it, or take it back; who may change it is reviewed there.")));
        }

        return problems;
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

    /// <summary><c>:history ENVIRONMENT</c>.</summary>
    [Verb("history", "Shows what was done to an environment, with the verdicts and the numbers that made them.", Usage = "ENVIRONMENT")]
    async Task ShowHistoryAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        var history = await CreateDeployer(":history").HistoryOfAsync(environment, cancellationToken);
        if (history.IsEmpty)
            Context.Write(LogLevel.Information, $"Nothing was ever deployed to {environment.Name}.");
        foreach (var line in history.SelectMany(x => x.ToString().ReplaceLineEndings("\n").Split('\n')))
            Context.Write(LogLevel.Information, line);
    }

    /// <summary><c>:pause ENVIRONMENT</c>.</summary>
    [Verb("pause", "Asks the deployment that is under way to stay at the weights that it has.", Usage = "ENVIRONMENT")]
    Task PauseAsync(VerbArguments arguments, CancellationToken cancellationToken) => OperateAsync(OperatorAction.Pause, arguments, cancellationToken);

    /// <summary><c>:resume ENVIRONMENT</c>.</summary>
    [Verb("resume", "Goes on with a deployment that was paused or interrupted.", Usage = "ENVIRONMENT")]
    Task ResumeAsync(VerbArguments arguments, CancellationToken cancellationToken) => OperateAsync(OperatorAction.Resume, arguments, cancellationToken);

    /// <summary><c>:promote ENVIRONMENT</c>.</summary>
    [Verb("promote", "Ends the current stage as passed, whatever its analysis says, and goes on.", Usage = "ENVIRONMENT")]
    Task PromoteAsync(VerbArguments arguments, CancellationToken cancellationToken) => OperateAsync(OperatorAction.Promote, arguments, cancellationToken);

    /// <summary><c>:abort ENVIRONMENT</c>.</summary>
    [Verb("abort", "Takes back the deployment that is under way or was interrupted.", Usage = "ENVIRONMENT")]
    Task AbortAsync(VerbArguments arguments, CancellationToken cancellationToken) => OperateAsync(OperatorAction.Abort, arguments, cancellationToken);

    /// <summary><c>:unlock ENVIRONMENT --reason WHY</c>.</summary>
    [Verb("unlock", "Takes the lock away from a command that hangs. The journal keeps who did it and why.", Usage = "ENVIRONMENT --reason WHY", Options = ["reason"])]
    async Task UnlockAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        var reason = arguments.Option("reason") is { Length: > 0 } text ? text : throw new UserErrorException(
            "':unlock' needs a reason, which the journal keeps.", $"Usage: :unlock {arguments.Usage}")
        { ExitCode = ExitCodes.Usage };
        Context.Write(LogLevel.Information, await CreateDeployer(":unlock").BreakLockAsync(environment, reason, x => Context.Write(LogLevel.Information, x), cancellationToken));
    }

    private async Task OperateAsync(OperatorAction action, VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        Context.Write(LogLevel.Information, await CreateDeployer($":{arguments.Verb}").OperateAsync(environment, action, x => Context.Write(LogLevel.Information, x), cancellationToken));
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
}
