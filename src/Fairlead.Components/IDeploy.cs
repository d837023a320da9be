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
public interface IDeploy : IHazApprovals, IHazDatabase, IHazAudit, IHazMetrics
{
    /// <summary>Why rules are bypassed: <c>REASON</c>, or <c>window,scan: REASON</c>.</summary>
    [Parameter("Deploys in spite of rules, for this reason, which is recorded: \"window: the outage of today\"")]
    string? Bypass => TryGetValue(() => Bypass);

    private PolicyBypass? ParsedBypass => Bypass is { } reason
        ? PolicyBypass.Parse(reason, [Refusal.Window, Refusal.Verified, Refusal.RollbackTarget, Refusal.Branch, .. VerdictKinds.All.Where(x => x != VerdictKinds.Signatures)])
        : null;

    /// <summary>Makes the deployer that a target or verb works with.</summary>
    /// <param name="command">What runs, for those who wait for it.</param>
    new Deployer CreateDeployer(string command)
    {
        var local = LocalStore;
        return new Deployer(
            OpenDeploymentStore(),
            environment => new LocalPlatform(local.DirectoryOf(environment.Name), Context.Time, x => Context.Write(LogLevel.Warning, x)) { MetricsAddress = environment.MetricsAddress },
            new DeployerOptions
            {
                Time = Context.Time,
                Probe = new HttpEndpointProbe(),
                Checks = new CheckRunner(Context.Processes, RootDirectory, Context.Time, Context.Redactor),
                FurtherRules = FurtherRulesAsync,
                Bypass = ParsedBypass,
                Metrics = new MetricSources(new PrometheusSource(time: Context.Time), new CommandSource(Context.Processes, RootDirectory)),
                Flags = new FileFlagProvider(environment => local.DirectoryOf(environment.Name) / "flags.json"),
                Approvals = CreateApprovalAuthority(),
                Secrets = SecretSources,
                Database = Database,
                User = Environment.UserName,
                Host = Environment.MachineName,
                Command = command,
            });
    }

    /// <inheritdoc/>
    Deployer IHazDatabase.CreateDeployer(string command) => CreateDeployer(command);

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
        environment = await HeldAsync(environment, release.Commit, cancellationToken);
        (release, var unbelieved) = await BelievedAsync(environment, release, cancellationToken);
        var deployer = CreateDeployer(command);
        var decision = await deployer.DecideAsync(environment, release, directory, cancellationToken);
        unbelieved = Undecided(decision, unbelieved);
        if (!decision.Refused.IsEmpty || !unbelieved.IsEmpty)
        {
            ImmutableArray<Problem> missing = [.. decision.Problems, .. unbelieved.Select(x => x.Problem)];
            throw new UserErrorException(
                $"{release.Version} is not deployed to {environment.Name}; {(missing.Length == 1 ? "one thing is" : $"{missing.Length} things are")} missing:{Environment.NewLine}{string.Join(Environment.NewLine, missing)}",
                unbelieved.IsEmpty ? decision.BypassHint : null)
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
        environment = await HeldAsync(environment, release.Commit, cancellationToken);
        (release, var unbelieved) = await BelievedAsync(environment, release, cancellationToken);
        var deployer = CreateDeployer("--plan");
        var plan = await deployer.PlanAsync(environment, release, cancellationToken);
        var decision = await deployer.DecideAsync(environment, release, directory, cancellationToken);
        var status = await deployer.StatusAsync(environment, cancellationToken);
        return string.Join(Environment.NewLine, (IEnumerable<string>)
        [
            plan.ToString(),
            .. status.Unfinished is null ? (IEnumerable<string>)[] : ["", $"Before that: {status.Unfinished.Next}"],
            .. decision.Problems.Concat(Undecided(decision, unbelieved).Select(x => x.Problem)).Select(x => $"It would be refused: {x}"),
            .. decision.Bypassed.Select(x => $"It would bypass '{x.Rule}': {x.Message}"),
        ]);
    }

    // What the deployer has decided on, and may have bypassed on the record, is not refused again.
    private static ImmutableArray<Refusal> Undecided(PolicyDecision decision, ImmutableArray<Refusal> refusals) =>
        [.. refusals.Where(x => !decision.Refused.Contains(x) && !decision.Bypassed.Concat(decision.Skipped).Any(y => y.Rule == x.Rule && y.Message == x.Problem.Message))];

    // The gate of the environment, which may be narrower than that of the build, and the files that say whom to believe.
    private async Task<ImmutableArray<Refusal>> FurtherRulesAsync(EnvironmentSpec environment, ReleaseManifest release, CancellationToken cancellationToken)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        if (this is IScanPart || (RootDirectory / SecurityPolicyReader.FileName).FileExists())
        {
            var policy = (this as IScanPart)?.SecurityPolicy ?? Context.Once(() => SecurityPolicyReader.Load(RootDirectory));
            var known = EnvironmentsFile.Environments.Select(x => x.Name).ToList();
            refusals.AddRange(policy.Environments.Keys.Except(known, StringComparer.Ordinal)
                .Select(x => new Refusal(null, new Problem($"'{SecurityPolicyReader.FileName}' has a gate for the environment '{x}', which does not exist.", Suggestion.Sentence(x, known) ?? $"There are: {string.Join(", ", known)}."))));
            refusals.AddRange(SecurityGate.Check(policy, environment.Name, release.Verdict(VerdictKinds.Scan)).Select(x => new Refusal(VerdictKinds.Scan, new Problem(x))));
        }

        if (environment.IsProtected)
        {
            IEnumerable<string> trusted =
            [
                ".nuke/keys", SecurityPolicyReader.FileName, RootDirectory.GetUnixRelativePathTo(EnvironmentsPath),
                .. ((ApprovalSpec[])[environment.Approvals, environment.Acceptance]).SelectMany(x => (string[])[x.Signers, x.Revoked]).Distinct(StringComparer.Ordinal),
            ];
            var status = await Context.Processes.RunAsync(Git.Command(RootDirectory, ["--literal-pathspecs", "status", "--porcelain=v1", "--untracked-files=all", "--", .. trusted]), cancellationToken: cancellationToken);
            refusals.AddRange(status.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => new Refusal(null, new Problem($"'{x[3..]}' says whom and what {environment.Name} believes, and is not what is committed.", "Commit it, or take it back; who may change it is reviewed there."))));
        }

        refusals.AddRange(await SecurityRefusalsAsync(environment, release, cancellationToken));
        var other = EnvironmentsFile.Environments.FirstOrDefault(x => x.Name == environment.RequiresVerifiedOn);
        if (environment is { IsProtected: true, RequiresVerifiedOn: { } verifying } && other is null)
        {
            refusals.Add(new Refusal(Refusal.Verified, new Problem(
                $"{environment.Name} takes what was verified on {verifying}, and the release has no environment '{verifying}'.", $"Describe it in '{RootDirectory.GetUnixRelativePathTo(EnvironmentsPath)}' again.")));
        }
        else if (other is not null)
        {
            // Who must have tried it is a rule of the protected environment, wherever they try it.
            other = await ProtectedPolicy.ApplyAsync(environment.IsProtected ? other with { IsProtected = true } : other, release.Commit, cancellationToken);
            if (await ApprovalDesk.AcceptanceAsync(other, release, cancellationToken) is { IsEnough: false } accepted)
            {
                refusals.Add(new Refusal(Refusal.Verified, new Problem(
                    $"{release.Version} has not been accepted on {other.Name}: {accepted.Summary}.", $"Those who try it there run './build.sh :accept {other.Name}' while it is live.")));
            }
        }

        refusals.AddRange((await ApprovalDesk.OverdueAsync(environment, cancellationToken)).Select(x => new Refusal(null, x)));
        refusals.AddRange((await SecretCheck.ProblemsAsync(environment, SecretSources, cancellationToken)).Select(x => new Refusal(null, x)));
        return refusals.ToImmutable();
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
            var stale = await SecretAges.StaleAsync(environment, SecretSources, Context.Time.GetUtcNow(), cancellationToken);
            foreach (var line in (IEnumerable<string>)[.. status.ToString().ReplaceLineEndings("\n").Split('\n'), .. stale, .. LastCopy(environment)])
                Context.Write(LogLevel.Information, line);
            foreach (var notice in await NoticesAsync(environment, cancellationToken))
                Context.Write(LogLevel.Warning, $"  {notice}");
            Context.Write(LogLevel.Information, "");
        }
    }

    /// <summary>What somebody should know or do about an environment, apart from what is live.</summary>
    private async Task<IEnumerable<string>> NoticesAsync(EnvironmentSpec environment, CancellationToken cancellationToken) =>
    [
        .. await ApprovalDesk.OwedAsync(environment, cancellationToken),
        .. (await ApprovalDesk.OverdueAsync(environment, cancellationToken)).Select(x => x.ToString()),
        .. this is IHotfix hotfix ? await hotfix.HotfixNoticesAsync(environment, cancellationToken) : [],
    ];

    /// <summary><c>:rollback ENVIRONMENT [--to VERSION]</c>.</summary>
    [Verb("rollback", "Goes back to the release that was live before, or to an earlier version.", Usage = "ENVIRONMENT [--to VERSION] [--keep-database | --accept-data-loss]", Options = ["to"], Flags = ["keep-database", "accept-data-loss"])]
    async Task RollBackAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        var choice = arguments.Has("accept-data-loss") ? DatabaseChoice.AcceptDataLoss : arguments.Has("keep-database") ? DatabaseChoice.Keep : DatabaseChoice.AsConfigured;
        if (arguments.Has("accept-data-loss") && arguments.Has("keep-database"))
            throw new UserErrorException("The database cannot be kept and brought back at once.", "Choose '--keep-database' or '--accept-data-loss'.") { ExitCode = ExitCodes.Usage };
        var outcome = await CreateDeployer(":rollback").RollbackAsync(environment, arguments.Option("to"), choice, x => Context.Write(LogLevel.Information, x), cancellationToken);
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

    /// <summary><c>:drift ENVIRONMENT [--reconcile]</c>.</summary>
    [Verb("drift", "Compares what is configured with what runs, and puts it right when asked to.", Usage = "ENVIRONMENT [--reconcile]", Flags = ["reconcile"])]
    async Task ShowDriftAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = FindEnvironment(Named(arguments));
        var deployer = CreateDeployer(":drift");
        if (arguments.Has("reconcile") && (await deployer.StatusAsync(environment, cancellationToken)).Live?.Target.Release is { } live)
        {
            environment = await HeldAsync(environment, live.Commit, cancellationToken);
            await RefuseUnbelievedAsync(environment, live, cancellationToken);
        }

        var drift = await deployer.FindDriftAsync(environment, cancellationToken);
        foreach (var line in drift.ToString().Split('\n'))
            Context.Write(LogLevel.Information, line);
        if (drift.Differences.IsEmpty)
            return;
        if (!arguments.Has("reconcile"))
        {
            throw new UserErrorException(
                $"{environment.Name} has drifted in {(drift.Differences.Length == 1 ? "one thing" : $"{drift.Differences.Length} things")}.",
                $"To put it right: ./build.sh :drift {environment.Name} --reconcile");
        }

        Context.Write(LogLevel.Information, await deployer.ReconcileAsync(environment, x => Context.Write(LogLevel.Information, x), cancellationToken));
    }

    /// <summary><c>:contract ENVIRONMENT [--now]</c>.</summary>
    [Verb("contract", "Runs the contracting migrations of what is live, when the revision before has gone.", Usage = "ENVIRONMENT [--now]", Flags = ["now"])]
    async Task ContractAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        Context.Write(LogLevel.Information, await CreateDeployer(":contract").ContractAsync(environment, arguments.Has("now"), x => Context.Write(LogLevel.Information, x), cancellationToken));
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

    /// <summary>What is live may be deployed anew only while it is believed. Its files are at hand only where it is the release that is sealed here; otherwise what was verified when it was deployed counts.</summary>
    private async Task RefuseUnbelievedAsync(EnvironmentSpec environment, ReleaseManifest live, CancellationToken cancellationToken)
    {
        var refusals = IsReleaseSealed() && LoadRelease().Manifest?.Digest == live.Digest
            ? (await BelievedAsync(environment, VerifyRelease().Manifest, cancellationToken)).Refusals
            : [.. await SecurityRefusalsAsync(environment, live, cancellationToken)];
        refusals = PolicyDecision.Of(refusals, ParsedBypass, []).Refused;
        if (!refusals.IsEmpty)
            throw new ProblemsException([.. refusals.Select(x => x.Problem)]) { ExitCode = ExitCodes.Refused };
    }

    private async Task OperateAsync(OperatorAction action, VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        // Pausing and going back must work at night, whatever is wrong with the rules.
        if (action is OperatorAction.Resume or OperatorAction.Promote && await ApprovalDesk.FindCommitAsync(environment, isForward: true, cancellationToken) is { } commit)
            environment = await HeldAsync(environment, commit, cancellationToken);
        Context.Write(LogLevel.Information, await CreateDeployer($":{arguments.Verb}").OperateAsync(environment, action, x => Context.Write(LogLevel.Information, x), cancellationToken));
    }

    /// <summary><c>:down ENVIRONMENT</c>.</summary>
    [Verb("down", "Stops everything in an environment that is not protected.", Usage = "ENVIRONMENT")]
    async Task TakeDownAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = Rescued(Named(arguments));
        if (!environment.IsProtected && await ApprovalDesk.FindCommitAsync(environment, isForward: false, cancellationToken) is { } commit)
            environment = await HeldAsync(environment, commit, cancellationToken);
        if (environment.IsProtected)
            throw new UserErrorException($"{environment.Name} is protected, so it is not taken down.", $"To stop it on purpose, write 'protected: false' for it into '{RootDirectory.GetUnixRelativePathTo(EnvironmentsPath)}' first, and merge that into the branch whose rules hold.") { ExitCode = ExitCodes.Refused };
        var outcome = await CreateDeployer(":down").DownAsync(environment, x => Context.Write(LogLevel.Information, x), cancellationToken);
        Context.Write(LogLevel.Information, outcome.Message);
    }
}
