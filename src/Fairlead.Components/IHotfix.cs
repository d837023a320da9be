using System.Collections.Immutable;
using Fairlead.Announcements;
using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Tooling;
using static Fairlead.Engine.DotNetTasks;

namespace Fairlead.Components;

/// <summary>
/// The short path for emergencies: a release of a branch <c>hotfix/*</c> is tested by the most important tests only, goes out by the rules that its environment leaves
/// (<c>hotfix:</c> in <c>.nuke/environments.yml</c>), and owes the full tests and the way back into the other branches afterwards.
/// </summary>
public interface IHotfix : IDeploy, ITest, IHazGitRepository
{
    /// <summary>Which tests run before a hotfix is packaged, as a filter of <c>dotnet test</c>. By default those of the category <c>Critical</c>.</summary>
    string HotfixTestFilter => "Category=Critical";

    /// <summary>Whether this is the path: when the branch is one of hotfixes, for one of the protected environments.</summary>
    bool IsHotfix => EnvironmentsFile.Environments.Any(x => x.IsProtected && !x.Hotfix.Skip.IsEmpty && x.Hotfix.IsFor(GitRepository.Branch));

    /// <summary>Runs all tests of a hotfix that is live; runs by itself after its deployment. What they say is recorded, and a failure is announced.</summary>
    Target TestHotfix => _ => _
        .Description("Runs all tests of a hotfix, after it went live")
        .TryTriggeredBy<IDeployProduction>(x => x.DeployProduction)
        .DependsOn(Compile)
        .OnlyWhenDynamic(() => IsHotfix)
        .Executes(async cancellationToken =>
        {
            var (environment, hotfix) = await FindUntestedAsync(cancellationToken);
            if (hotfix is null)
            {
                Context.Write(LogLevel.Information, "No hotfix owes its tests.");
                return;
            }

            var head = await Context.Processes.RunAsync(Git.RevParse(RootDirectory, "HEAD"), cancellationToken: cancellationToken);
            if (head.StandardOutput.Trim() != hotfix.Commit)
                throw new UserErrorException($"The hotfix {hotfix.Version} was made of {hotfix.Commit[..10]}, which is not what is checked out.", $"Run this on its branch: git switch {hotfix.Branch}");
            var directory = ArtifactsDirectory / "hotfix-test-results";
            directory.CreateOrCleanDirectory();
            var projects = TestProjects.ToList();
            UserErrorException? error = null;
            try
            {
                DotNetTest(
                    _ => _.Apply(TestSettingsBase).Apply(TestSettings).SetFilter(null).SetResultsDirectory(directory)
                        .CombineWith(projects, (_, project) => _.SetProjectFile(project).AddLoggers($"trx;LogFilePrefix={project.Name}").Apply(TestProjectSettings, project)),
                    degreeOfParallelism: TestDegreeOfParallelism,
                    completeOnFailure: true);
            }
            catch (UserErrorException e)
            {
                error = e;
            }

            var report = TestReport.Read(directory, projects.Select(x => x.Name));
            var verdict = report.ToVerdict(error is not null);
            var hasPassed = verdict.Outcome == SupplyChain.VerdictOutcome.Passed;
            await CreateDeployer("tests of a hotfix").FollowUpAsync(environment!, hotfix, hasPassed, verdict.Summary, x => Context.Write(LogLevel.Information, x), cancellationToken);
            ReportSummary("Hotfix", $"{hotfix.Version}: {verdict.Summary}");
            if (hasPassed)
                return;
            var message = $"The full tests of the hotfix {hotfix.Version}, which is live on {environment!.Name}, FAILED: {verdict.Summary}";
            if (this is IAnnounce { AnnouncementChannels: { IsEmpty: false } channels })
            {
                foreach (var outcome in await new Announcer(channels).SendAsync(
                    new Announcement { Title = $"{hotfix.Version}: the hotfix failed its tests", Version = hotfix.Version, Notes = message, ReleaseDigest = hotfix.Release }, cancellationToken))
                    Context.Write(outcome.IsSent ? LogLevel.Information : LogLevel.Warning, outcome.IsSent ? $"Told {outcome.Channel}." : $"{outcome.Channel} was not told: {outcome.Error}");
            }

            throw new UserErrorException($"{message}{Environment.NewLine}{report.FailureText()}".TrimEnd(), $"Go back with './build.sh :rollback {environment.Name}', or mend it with the next hotfix.");
        });

    /// <summary><c>:merge-back VERSION [--into BRANCH]</c>.</summary>
    [Verb("merge-back", "Prepares a branch that brings a hotfix back into another branch.", Usage = "VERSION [--into BRANCH]", Options = ["into"])]
    async Task MergeBackAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var all = await FindHotfixesAsync(cancellationToken);
        var version = arguments.SinglePositional;
        var (environment, hotfix) = all.FirstOrDefault(x => version is null ? !x.Debt.Unmerged.IsEmpty : x.Debt.Version == version);
        if (hotfix is null)
        {
            if (version is null)
            {
                Context.Write(LogLevel.Information, "Every hotfix is merged back.");
                return;
            }

            throw new UserErrorException(
                $"No hotfix {version} was ever live.", all.Count == 0 ? "There were no hotfixes." : $"There were: {string.Join(", ", all.Select(x => x.Debt.Version).Distinct())}.")
            { ExitCode = ExitCodes.Usage };
        }

        var merge = new MergeBack(Context.Processes, RootDirectory);
        IEnumerable<string> targets = arguments.Option("into") is { } into ? [into] : hotfix.Unmerged.IsEmpty ? environment!.Hotfix.MergeInto : hotfix.Unmerged;
        foreach (var target in targets)
            Context.Write(LogLevel.Information, await merge.PrepareAsync(hotfix.Version, hotfix.Commit, target, cancellationToken));
    }

    /// <summary>What hotfixes owe, for <c>:status</c>.</summary>
    internal sealed async Task<ImmutableArray<string>> HotfixNoticesAsync(EnvironmentSpec environment, CancellationToken cancellationToken) =>
        [.. (await FindHotfixesAsync(cancellationToken)).Where(x => x.Environment.Name == environment.Name && !x.Debt.IsPaid).Select(x => x.Debt.ToString())];

    private async Task<List<(EnvironmentSpec Environment, HotfixDebt Debt)>> FindHotfixesAsync(CancellationToken cancellationToken)
    {
        var deployer = CreateDeployer("hotfixes");
        var merge = new MergeBack(Context.Processes, RootDirectory);
        List<(EnvironmentSpec, HotfixDebt)> all = [];
        foreach (var environment in EnvironmentsFile.Environments.Where(x => x.IsProtected && !x.Hotfix.Skip.IsEmpty))
        {
            foreach (var hotfix in await deployer.FindHotfixesAsync(environment, cancellationToken))
                all.Add((environment, hotfix with { Unmerged = await merge.UnmergedAsync(hotfix.Commit, environment.Hotfix.MergeInto, cancellationToken) }));
        }

        return all;
    }

    private async Task<(EnvironmentSpec? Environment, HotfixDebt? Debt)> FindUntestedAsync(CancellationToken cancellationToken) =>
        (await FindHotfixesAsync(cancellationToken)).FirstOrDefault(x => x.Debt.Tests is not { HasPassed: true });
}
