using System.Collections.Immutable;

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
            Hotfix = Both(released.Hotfix, fromRef.Hotfix),
            Checks = Both(released.Checks, fromRef.Checks),
            Audit = Both(released.Audit, fromRef.Audit),
            AuditKey = fromRef.AuditKey ?? released.AuditKey,
        };
    }

    // Who counts is said by the ref alone as soon as it asks for anybody.
    static ApprovalSpec Both(ApprovalSpec released, ApprovalSpec fromRef) =>
        fromRef.Required ? fromRef with { Minimum = Math.Max(fromRef.Minimum, released.Required ? released.Minimum : 0) }
        // The ref asks for nobody, but still says where its keys are.
        : released with { Signers = fromRef.Signers, Revoked = fromRef.Revoked };

    /// <summary>Only what both leave out is left out, and only for branches that both name; it is owed to all branches of both.</summary>
    static HotfixSpec Both(HotfixSpec released, HotfixSpec fromRef) => released with
    {
        Skip = [.. released.Skip.Intersect(fromRef.Skip, StringComparer.Ordinal)],
        AlsoBranches = released.AlsoBranches.Prepend(released.Branches).Any(x => x.SequenceEqual(fromRef.Branches, StringComparer.Ordinal)) ? released.AlsoBranches : [.. released.AlsoBranches, fromRef.Branches],
        MergeInto = fromRef.Skip.IsEmpty ? released.MergeInto : [.. fromRef.MergeInto.Union(released.MergeInto, StringComparer.Ordinal)],
    };

    /// <summary>The checks of the ref, and those of the release that are others, in the order of their kinds.</summary>
    static ImmutableArray<CheckSpec> Both(ImmutableArray<CheckSpec> released, ImmutableArray<CheckSpec> fromRef)
    {
        if (fromRef.All(x => released.Any(y => IsSame(x, y))))
            return released;
        var order = EnvironmentKeys.Checks.Keys.Select(x => x.Name).ToList();
        return
        [
            .. fromRef.Concat(released.Where(x => !fromRef.Any(y => IsSame(x, y)))).GroupBy(x => x.Kind, StringComparer.Ordinal).OrderBy(x => order.IndexOf(x.Key))
                .SelectMany(kind => kind.Select((x, i) => x with { Name = i == 0 ? kind.Key : $"{kind.Key} {i + 1}" })),
        ];
    }

    static bool IsSame(CheckSpec one, CheckSpec other) =>
        one.Kind == other.Kind && one.Command.SequenceEqual(other.Command, StringComparer.Ordinal) && one with { Name = other.Name, Command = other.Command } == other;

    /// <summary>What nothing is said of is kept for ever, so that a period counts only where both give one.</summary>
    static ImmutableArray<RecordKeeping> Both(ImmutableArray<RecordKeeping> released, ImmutableArray<RecordKeeping> fromRef) =>
    [
        .. from name in released.Concat(fromRef).Select(x => x.Name).Distinct(StringComparer.Ordinal)
           let one = released.FirstOrDefault(x => x.Name == name) ?? new RecordKeeping { Name = name }
           let other = fromRef.FirstOrDefault(x => x.Name == name) ?? new RecordKeeping { Name = name }
           select one with
           {
               Retention = one.Retention is { } first && other.Retention is { } second ? (first > second ? first : second) : null,
               Encryption = one.Encryption || other.Encryption,
               TamperProof = one.TamperProof || other.TamperProof,
               ComplianceMapping = one.ComplianceMapping || other.ComplianceMapping,
           },
    ];
}
