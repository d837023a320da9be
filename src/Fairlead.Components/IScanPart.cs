using Fairlead.Engine;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>What the parts of a scan have in common.</summary>
public interface IScanPart : IHazArtifacts, IHazVersion
{
    /// <summary>What may pass: by default what <c>.nuke/security.yml</c> says.</summary>
    SecurityPolicy SecurityPolicy => Context.Once(() => SecurityPolicyReader.Load(RootDirectory));

    /// <summary>The tools that may be fetched: by default those that <c>.nuke/tools.lock.json</c> pins.</summary>
    ToolsLock ToolsLock => Context.Once(() => ToolsLockReader.Load(RootDirectory));

    /// <summary>
    /// Whether tools are fetched that are not here. By default on build servers, and when a scan is named on the command line: who deploys to a staging environment from a desk is not surprised by a download, and is told that the
    /// scan was not done.
    /// </summary>
    bool MayFetchTools => IsServerBuild || InvokedTargets.Any(x => x.StartsWith("Scan", StringComparison.Ordinal));

    /// <summary>What every scan of this run has in common.</summary>
    sealed ScanSettings ScanSettings => new()
    {
        Root = RootDirectory,
        TemporaryDirectory = TemporaryDirectory,
        Processes = Context.Processes,
        Environment = Context.Environment,
        Policy = SecurityPolicy,
        Tools = ToolsLock,
        MayFetchTools = MayFetchTools,
        Time = Context.Time,
        Log = x => Context.Write(LogLevel.Information, x),
    };

    /// <summary>Keeps the result of a part, shows it, and ends the target when it failed.</summary>
    /// <param name="name">What the summary calls it.</param>
    /// <param name="result">The result.</param>
    /// <exception cref="UserErrorException">It failed.</exception>
    internal sealed void Conclude(string name, PartResult result)
    {
        Keep(result);
        Conclude(name, result.Verdict, FindingTable.Lines(result.Findings), result.Warnings);
    }

    /// <summary>Keeps the result of a part for Package, for people and for other programs.</summary>
    internal sealed void Keep(PartResult result)
    {
        Context.Once(() => new ScanReports(ReportDirectory, Version.InformationalVersion)).Add(result);
        Context.Once(() => new ScanParts()).Add(result);
    }

    /// <inheritdoc cref="Conclude(string, PartResult)"/>
    internal sealed void Conclude(string name, Verdict verdict, IEnumerable<string> table, IEnumerable<string> warnings)
    {
        VerdictFile.Write(ReportDirectory, Version.InformationalVersion, verdict);
        var level = verdict.Outcome == VerdictOutcome.Failed ? LogLevel.Error : LogLevel.Information;
        foreach (var line in table)
            Context.Write(level, line);
        foreach (var warning in warnings)
            Context.Write(LogLevel.Warning, warning);
        ReportSummary(name, verdict.Outcome == VerdictOutcome.NotDone ? $"NOT DONE: {verdict.Summary}" : verdict.Summary);
        if (verdict.Outcome == VerdictOutcome.Failed)
        {
            // Scan itself does not run any more, and what an earlier run said of this tree must not outlive it.
            VerdictFile.Write(ReportDirectory, Version.InformationalVersion, Fairlead.SupplyChain.Verdict.Of(VerdictKinds.Scan, [verdict]));
            throw new UserErrorException($"{name} failed: {verdict.Summary}", $"The whole of it is in '{RootDirectory.GetUnixRelativePathTo(ReportDirectory)}' (scan.json, scan.sarif).");
        }

        // Who asks for a scan by name wants to know that it was done. Licences are judged only where the policy speaks of them.
        if (verdict.Outcome == VerdictOutcome.NotDone && verdict.Kind != VerdictKinds.Licences && verdict.Kind != VerdictKinds.Scan && InvokedTargets.Any(x => x.StartsWith("Scan", StringComparison.Ordinal)))
            throw new UserErrorException($"{name} was not done: {verdict.Summary}");
        if (verdict.Outcome == VerdictOutcome.NotDone)
            Context.Write(LogLevel.Warning, $"{name} NOT DONE: {verdict.Summary}");
        else
            Context.Write(LogLevel.Information, $"{name} passed: {verdict.Summary}");
    }

    /// <summary>The look at the sources, which the parts that run together share.</summary>
    internal sealed Task<SourceScan> LookAsync(CancellationToken cancellationToken)
    {
        List<ScanPart> parts = [];
        if (this is IScanDependencies dependencies && Runs(dependencies.ScanDependencies))
            parts.Add(ScanPart.Dependencies);
        if (this is IScanSecrets secrets && Runs(secrets.ScanSecrets))
            parts.Add(ScanPart.Secrets);
        if (this is IScanConfiguration configuration && Runs(configuration.ScanConfiguration))
            parts.Add(ScanPart.Configuration);
        return Context.Once(() => new SharedLook(SourceScan.RunAsync(ScanSettings, parts, cancellationToken))).Scan;

        bool Runs(Target target) => ScheduledTargets.Contains(target) || RunningTargets.Contains(target);
    }
}
