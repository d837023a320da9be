using Fairlead.Engine;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>Looks for vulnerable packages among the resolved dependencies.</summary>
public interface IScanDependencies : IRestore, IScanPart
{
    /// <summary>Scans the dependencies. Without Trivy it is not done, which is said loudly; environments decide whether they accept that.</summary>
    Target ScanDependencies => _ => _
        .Description("Looks for vulnerable packages among the dependencies")
        .DependsOn(Restore)
        .Executes(async cancellationToken =>
        {
            VerdictFile.Delete(ReportDirectory, ScanKinds.Dependencies);
            var projects = Solution.AllProjects.Select(x => x.Path).ToList();
            var unrestored = RestoredPackages.Unrestored(projects);
            Conclude("Scan of dependencies", unrestored.Count == 0
                ? (await LookAsync(cancellationToken)).Judge(ScanPart.Dependencies, RestoredPackages.Read(projects))
                : new PartResult(
                    new Verdict(ScanKinds.Dependencies, VerdictOutcome.Failed, $"Not restored, so nobody knows what to look at: {string.Join(", ", unrestored.Select(x => x.Name))}."), []));
        });
}
