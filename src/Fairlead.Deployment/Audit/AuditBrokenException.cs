using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>The log is not what was written into it: nothing is added to it, because a new checkpoint would vouch for what is there.</summary>
/// <param name="finding">What is wrong.</param>
public sealed class AuditBrokenException(AuditFinding finding)
    : UserErrorException(
        $"The audit log does not verify: {Printable.Line(finding.Message)}",
        $"{(finding.Remedy is null ? "" : $"{Printable.Line(finding.Remedy)} ")}':audit verify' says everything. Keep a copy of the log as it is, find out who changed it, and put the last good copy back; nothing is added to it until then.")
{
    /// <summary>What is wrong.</summary>
    public AuditFinding Finding => finding;
}
