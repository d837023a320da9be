using Fairlead.Engine;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>Scans sources and dependencies: all parts of it. A build that wants only some takes their components instead.</summary>
public interface IScan : IScanDependencies, IScanSecrets, IScanConfiguration, IScanLicences, IScanImages
{
    /// <summary>Scans. Without Trivy the scan is not done, which is said loudly; environments decide whether they accept that.</summary>
    Target Scan => _ => _
        .Description("Scans sources and dependencies")
        .DependsOn(ScanDependencies, ScanSecrets, ScanConfiguration, ScanLicences)
        .Executes(() =>
        {
            string[] kinds = [ScanKinds.Dependencies, ScanKinds.Secrets, ScanKinds.Configuration];
            var verdict = Verdict.Of(VerdictKinds.Scan, [.. kinds.Select(x => VerdictFile.Read(ReportDirectory, Version.InformationalVersion, x))]);
            var used = Context.Once(() => new ScanParts()).Used;
            Conclude("Scan", verdict, [], SecurityPolicy.Exceptions.Except(used)
                .Select(x => $"The exception for {x.Id} ({x.Where}) matches nothing in the sources and dependencies. If it is not for an image, remove it."));
        });
}
