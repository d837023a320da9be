using Fairlead.Engine;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Scans sources and dependencies with Trivy.</summary>
public interface IScan : IRestore, IHazArtifacts, IHazVersion
{
    /// <summary>Scans. Without Trivy the scan is not done, which is said loudly; environments decide whether they accept that.</summary>
    Target Scan => _ => _
        .Description("Scans sources and dependencies for vulnerabilities and secrets")
        .DependsOn(Restore)
        .Executes(async cancellationToken =>
        {
            var projects = Solution.AllProjects.Select(x => x.Path).ToList();
            var unrestored = RestoredPackages.Unrestored(projects);
            var result = unrestored.Count == 0
                ? await new TrivyScanner(Context.Processes).ScanAsync(new ScanRequest(RootDirectory, RestoredPackages.Count(projects), RestoredPackages.Projects(projects)), cancellationToken)
                : new ScanResult(new Verdict(VerdictKinds.Scan, VerdictOutcome.Failed, $"Not restored, so nobody knows what to look at: {string.Join(", ", unrestored.Select(x => x.Name))}."), []);
            foreach (var finding in result.Findings)
                Context.Write(finding.Severity >= Severity.High ? LogLevel.Error : LogLevel.Warning, $"{finding.Severity} {finding.Id} in {finding.Where}: {finding.Title}");
            VerdictFile.Write(ReportDirectory, Version.InformationalVersion, result.Verdict);
            ReportSummary("Scan", result.Verdict.Outcome == VerdictOutcome.NotDone ? $"NOT DONE: {result.Verdict.Summary}" : result.Verdict.Summary);
            if (result.Verdict.Outcome == VerdictOutcome.Failed)
                throw new UserErrorException($"The scan failed: {result.Verdict.Summary}");
            Context.Write(result.Verdict.Outcome == VerdictOutcome.NotDone ? LogLevel.Warning : LogLevel.Information, $"Scan {(result.Verdict.Outcome == VerdictOutcome.NotDone ? "NOT DONE" : "passed")}: {result.Verdict.Summary}");
        });
}
