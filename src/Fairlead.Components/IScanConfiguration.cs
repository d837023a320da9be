using Fairlead.Engine;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>Looks for mistakes in Dockerfiles, Kubernetes manifests and Terraform files.</summary>
public interface IScanConfiguration : IScanPart
{
    /// <summary>Scans configuration files. Where there are none, there is nothing to look at, and that passes.</summary>
    Target ScanConfiguration => _ => _
        .Description("Looks for mistakes in Dockerfiles, Kubernetes and Terraform files")
        .TryAfter<IRestore>(x => x.Restore)
        .Executes(async cancellationToken =>
        {
            VerdictFile.Delete(ReportDirectory, ScanKinds.Configuration);
            Conclude("Scan of configuration", (await LookAsync(cancellationToken)).Judge(ScanPart.Configuration));
        });
}
