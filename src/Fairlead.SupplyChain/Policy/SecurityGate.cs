using System.Globalization;

namespace Fairlead.SupplyChain;

/// <summary>The gate of an environment: asked before a deployment, with the figures that the release's verdict has.</summary>
public static class SecurityGate
{
    /// <summary>
    /// Why a release may not be deployed to an environment; empty when it may. Whether a scan must have been done at all is for the environment's
    /// <c>verdicts</c> to say: about one that was not done, or failed, there is nothing to add here.
    /// </summary>
    /// <param name="policy">The policy, as the repository has it now.</param>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="scan">The verdict of the kind <see cref="VerdictKinds.Scan"/> in the release.</param>
    public static IReadOnlyList<string> Check(SecurityPolicy policy, string environment, Verdict scan)
    {
        if (scan.Outcome != VerdictOutcome.Passed)
            return [];
        List<string> refusals = [];
        var failOn = policy.Environments.GetValueOrDefault(environment, policy.FailOn);
        var grave = Enum.GetValues<Severity>().Where(x => x >= failOn).Reverse().ToList();
        if (scan.Figures is not { } figures || !grave.All(x => figures.ContainsKey(SeverityFigures.Name(x))))
        {
            refusals.Add($"The scan of this release has no figures, so nobody can say whether {environment} may have it. Package it again.");
        }
        else if (grave.Where(x => figures[SeverityFigures.Name(x)] > 0).Select(x => string.Create(CultureInfo.InvariantCulture, $"{figures[SeverityFigures.Name(x)]} {SeverityFigures.Name(x)}")).ToList() is { Count: > 0 } found)
        {
            refusals.Add($"The scan found {string.Join(", ", found)}, and {environment} takes nothing that is {SeverityFigures.Name(failOn)} or worse. "
                + $"The findings are in the report of the scan; mend them, or have them accepted in {SecurityPolicyReader.FileName}, and package again.");
        }

        return refusals;
    }
}
