using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>
/// Judges the licences of what is delivered. Expressions are evaluated as such: one allowed side of an OR is enough, an AND needs both. An entry of the policy
/// covers the licence that it names, and no exception to it (<c>GPL-2.0-only</c> does not allow <c>GPL-2.0-only WITH Classpath-exception-2.0</c>, which is
/// another set of terms); a denied licence is denied with every exception that is not allowed by name. Who may take any later version may take this one, so
/// <c>Apache-2.0+</c> is allowed where <c>Apache-2.0</c> is. GNU's old ids mean their new ones (<c>GPL-2.0</c> is <c>GPL-2.0-only</c>).
/// A licence that is not on the SPDX list, or none at all, is refused unless the policy allows it by name, declares another, or accepts the unknown.
/// </summary>
public static class LicenceGate
{
    const int RefusalsNamed = 10;
    const int LongestExpression = 300;

    /// <summary>Judges. Components that are not delivered (<see cref="SbomScope.Excluded"/>) and the subject's own parts do not count.</summary>
    /// <param name="sbom">The bill of materials.</param>
    /// <param name="policy">What may be delivered.</param>
    /// <returns>A verdict of the kind <see cref="VerdictKinds.Licences"/>, with the figures <c>components</c>, <c>refused</c> and <c>unknown</c>.</returns>
    public static Verdict Judge(Sbom sbom, LicencePolicy policy)
    {
        var rules = new LicenceRules(policy);
        var mistakes = Mistakes(policy);
        if (mistakes.Count > 0)
            return new Verdict(VerdictKinds.Licences, VerdictOutcome.Failed, $"The licence policy cannot be applied. {string.Join(' ', mistakes)} Mend the section 'licences' of .nuke/security.yml.");

        // What a framework split into several entries is one thing to look up.
        var delivered = sbom.Components.Where(x => x is { Scope: SbomScope.Required, IsPart: false } && x.Kind is not (SbomComponentKind.File or SbomComponentKind.OperatingSystem))
            .DistinctBy(x => x.Purl ?? x.Reference).ToList();
        var unknown = 0;
        List<string> refusals = [];
        foreach (var component in delivered)
        {
            var licences = LicencesOf(component, policy);
            if (licences.IsEmpty || licences.Any(x => !IsKnown(x)))
                unknown++;
            if (Refusal(licences, rules, policy) is { } refusal)
                refusals.Add(Printable.Line($"{component.Name} {component.Version}: {refusal}"));
        }

        var figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["components"] = delivered.Count, ["refused"] = refusals.Count, ["unknown"] = unknown };
        var counted = $"{delivered.Count} delivered component{(delivered.Count == 1 ? "" : "s")}";
        if (refusals.Count == 0)
            return new Verdict(VerdictKinds.Licences, VerdictOutcome.Passed, $"The licences of {counted} are allowed; {(unknown == 0 ? "none" : unknown)} of them unknown.") { Figures = figures };
        var more = refusals.Count > RefusalsNamed ? $"; and {refusals.Count - RefusalsNamed} more" : "";
        return new Verdict(
            VerdictKinds.Licences,
            VerdictOutcome.Failed,
            $"{refusals.Count} of {counted} may not be delivered under the policy: {string.Join("; ", refusals.Take(RefusalsNamed))}{more}. "
            + "Remove the package, allow its licence in the section 'licences' of .nuke/security.yml, or, where a package does not say its licence, declare there what you have looked up.")
        {
            Figures = figures,
        };
    }

    static string? Refusal(ImmutableArray<SbomLicence> licences, LicenceRules rules, LicencePolicy policy)
    {
        if (licences.IsEmpty)
            return policy.AllowUnknown ? null : "declares no licence";
        foreach (var licence in licences)
        {
            if (!LicenceExpression.TryParse(licence.Expression, out var expression, out var error))
            {
                if (!policy.AllowUnknown)
                    return $"'{Cut(licence.Expression)}' is no licence expression ({error.TrimEnd('.')})";
                continue;
            }

            var refused = expression.Refused(rules.IsAllowed).ToList();
            if (refused.Count == 0)
                continue;
            var more = refused.Count > RefusalsNamed ? $" and {refused.Count - RefusalsNamed} more" : "";
            var why = string.Join(", ", refused.Take(RefusalsNamed).Select(x => refused.Count == 1 && x == expression ? rules.Refusal(x) : $"{x} is {rules.Refusal(x)}"));
            return $"{Cut(expression.ToString())}{(licence.Source is { } source ? $" ({source})" : "")}: {why}{more}";
        }

        return null;
    }

    static string Cut(string expression) => expression.Length <= LongestExpression ? expression : $"{expression[..LongestExpression]}…";

    static ImmutableArray<SbomLicence> LicencesOf(SbomComponent component, LicencePolicy policy)
    {
        if (!component.Licences.IsEmpty && component.Licences.All(IsKnown))
            return component.Licences;
        return policy.Declared.TryGetValue($"{component.Name}@{component.Version}", out var declared) || policy.Declared.TryGetValue(component.Name, out declared)
            ? [new SbomLicence(declared) { Source = "declared in .nuke/security.yml" }]
            : component.Licences;
    }

    static bool IsKnown(SbomLicence licence) => LicenceExpression.TryParse(licence.Expression, out var expression, out _) && expression.Licences().All(x => x.IsKnown);

    // A denied licence that is misspelt denies nothing: nobody would ever notice.
    static List<string> Mistakes(LicencePolicy policy) =>
    [
        .. policy.Deny.Where(x => !x.TrimEnd().EndsWith('*')).Where(x => !LicenceExpression.TryParse(x, out var entry, out _) || entry is not LicenceExpression.Licence { IsReference: true } and not LicenceExpression.Licence { IsKnown: true })
            .Select(x => $"'{x}' under 'deny' is not on the SPDX list.{(LicenceIds.Suggest(x) is { } suggestion ? $" {suggestion}" : "")}"),
        .. policy.Deny.Where(x => x.TrimEnd().EndsWith('*') && LicenceRules.CoversNothing(x))
            .Select(x => $"'{x}' under 'deny' covers nothing on the SPDX list.{(LicenceIds.Suggest(x.Trim().TrimEnd('*', '-')) is { } suggestion ? $" {suggestion}" : "")}"),
        .. policy.Declared.Where(x => !LicenceExpression.TryParse(x.Value, out _, out _))
            .Select(x => $"'{x.Value}', declared for {x.Key}, is no licence expression."),
    ];
}
