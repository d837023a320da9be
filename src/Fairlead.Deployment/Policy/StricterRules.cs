namespace Fairlead.Deployment;

/// <summary>
/// What is stricter counts: the rules of the protected ref hold for a release, and the release may add to them, never take away. Pure.
/// </summary>
public static class StricterRules
{
    /// <summary>The rules of both.</summary>
    /// <param name="released">The environment as the release describes it.</param>
    /// <param name="fromRef">The environment as the protected ref describes it; null: it does not.</param>
    public static EnvironmentSpec Of(EnvironmentSpec released, EnvironmentSpec? fromRef)
    {
        if (fromRef is null || !(released.IsProtected || fromRef.IsProtected))
            return released;
        return released with
        {
            IsProtected = true,
            Approvals = Both(released.Approvals, fromRef.Approvals),
            Acceptance = Both(released.Acceptance, fromRef.Acceptance),
            Bypass = fromRef.Bypass is not { } bypass ? released.Bypass : bypass with { Minimum = Math.Max(bypass.Minimum, released.Bypass?.Minimum ?? 0) },
            Windows = fromRef.Windows.IsEmpty ? released.Windows : released.Windows.IsEmpty ? fromRef.Windows : released.Windows with { Also = [.. released.Windows.Also, fromRef.Windows] },
            Branches = released.Branches.IsEmpty ? fromRef.Branches : released.Branches,
            AlsoBranches = released.Branches.IsEmpty || fromRef.Branches.IsEmpty || released.AlsoBranches.Prepend(released.Branches).Any(x => x.SequenceEqual(fromRef.Branches, StringComparer.Ordinal))
                ? released.AlsoBranches
                : [.. released.AlsoBranches, fromRef.Branches],
            Verdicts = released.Verdicts.SetItems(fromRef.Verdicts.Where(x => x.Value == VerdictRequirement.Required)),
            RequiresVerifiedOn = fromRef.RequiresVerifiedOn ?? released.RequiresVerifiedOn,
        };
    }

    // Who counts is said by the ref alone as soon as it asks for anybody.
    static ApprovalSpec Both(ApprovalSpec released, ApprovalSpec fromRef) =>
        fromRef.Required ? fromRef with { Minimum = Math.Max(fromRef.Minimum, released.Required ? released.Minimum : 0) }
        // The ref asks for nobody, but still says where its keys are.
        : released with { Signers = fromRef.Signers, Revoked = fromRef.Revoked };
}
