using Fairlead.Engine;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>Looks for secrets in the working tree: in all files that git knows, or would take.</summary>
public interface IScanSecrets : IScanPart
{
    /// <summary>Scans for secrets.</summary>
    Target ScanSecrets => _ => _
        .Description("Looks for secrets in the working tree")
        .TryAfter<IRestore>(x => x.Restore)
        .Executes(async cancellationToken =>
        {
            VerdictFile.Delete(ReportDirectory, ScanKinds.Secrets);
            Conclude("Scan for secrets", (await LookAsync(cancellationToken)).Judge(ScanPart.Secrets));
        });
}
