using System.Collections.Immutable;
using System.Text;

namespace Fairlead.SupplyChain;

/// <summary>
/// Which of the minimum elements of a bill of materials are there: CISA's of 2026 and NTIA's of 2021, which they replace. What serves development only
/// (<see cref="SbomScope.Excluded"/>) is no part of the subject and is not looked at. The subject's own projects are covered by the digest of what is released
/// and need no hash; the author's signature is made over the document, beside it.
/// </summary>
/// <param name="Components">Number of components that were looked at, the subject among them.</param>
/// <param name="Gaps">What is missing.</param>
public sealed record SbomCompleteness(int Components, ImmutableArray<SbomGap> Gaps)
{
    const string Cisa = "CISA 2026";
    const string Both = "CISA 2026, NTIA 2021";

    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete => Gaps.IsEmpty;

    /// <summary>One sentence: the number of gaps by element, or that there are none.</summary>
    public string Summary => IsComplete
        ? $"The minimum elements (CISA 2026, NTIA 2021) of {Components} components are complete."
        : $"Of the minimum elements (CISA 2026) {string.Join(", ", Gaps.GroupBy(x => x.Element, StringComparer.Ordinal).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key} is missing {x.Count()} time{(x.Count() == 1 ? "" : "s")}"))}.";

    /// <summary>Checks a bill, made here or read by <see cref="CycloneDxReader"/>.</summary>
    public static SbomCompleteness Check(Sbom sbom)
    {
        var components = sbom.Components.Where(x => x.Scope == SbomScope.Required && x.Kind != SbomComponentKind.File).Prepend(sbom.Subject).ToList();
        return new SbomCompleteness(components.Count, [.. OfDocument(sbom), .. components.SelectMany(x => OfComponent(x, isSubject: x == sbom.Subject))]);
    }

    /// <summary>The gaps as a table for a terminal, one line each, or one sentence when there are none.</summary>
    public string ToTable()
    {
        if (IsComplete)
            return $"{Summary}\n";
        var element = Math.Max("element".Length, Gaps.Max(x => x.Element.Length));
        var component = Math.Max("component".Length, Gaps.Max(x => (x.Component ?? "").Length));
        var table = new StringBuilder($"{"element".PadRight(element)}  {"component".PadRight(component)}  why\n");
        foreach (var gap in Gaps)
            table.Append($"{gap.Element.PadRight(element)}  {(gap.Component ?? "").PadRight(component)}  {gap.Reason} ({gap.Lists})\n");
        return table.ToString();
    }

    static IEnumerable<SbomGap> OfDocument(Sbom sbom)
    {
        if (sbom.Author is null)
            yield return new SbomGap("SBOM Author", null, "Nobody is named as the maker of the document: name a person or an organisation.", Both);
        if (sbom.Timestamp is null)
            yield return new SbomGap("Timestamp", null, "The document does not say when it was made.", Both);
        if (sbom.Tools.IsEmpty || sbom.Tools.Any(x => x.Version is null))
            yield return new SbomGap("Tool Name", null, "The document does not say which tool made it, or not in which version.", Cisa);
        if (sbom.Lifecycle is null)
            yield return new SbomGap("Generation Context", null, "The document does not say in which phase it was made.", Cisa);
        if (sbom.SerialNumber is null)
            yield return new SbomGap("SBOM Version", null, "The document has no serial number.", Cisa);
        if (sbom.DependenciesOf(sbom.Subject.Reference).IsEmpty)
            yield return new SbomGap("Dependency Relationship", null, $"Nothing is said of what {sbom.Subject.Name} is made of.", Both);
    }

    static IEnumerable<SbomGap> OfComponent(SbomComponent component, bool isSubject)
    {
        var name = $"{component.Name} {component.Version}".TrimEnd();
        var what = isSubject ? $"The subject {name}" : component.IsPart ? $"The project {name}" : $"The package {name}";
        if (component.Supplier is null && component.Authors.IsEmpty)
            yield return new SbomGap("Component Producer", name, isSubject || component.IsPart ? $"{what} has no producer: name who makes it." : $"{what} names no authors.", Both);
        if (string.IsNullOrEmpty(component.Version))
            yield return new SbomGap("Component Version", name, $"{what} has no version.", Both);
        if (component.Purl is null)
            yield return new SbomGap("Software Identifiers", name, $"{what} has no package URL.", Both);
        if (component.Hashes.IsEmpty && !isSubject && !component.IsPart)
            yield return new SbomGap("Component Hash", name, $"{what} has no hash: the file that it came in is not known.", Cisa);
        if (component.Licences.IsEmpty)
            yield return new SbomGap("License", name, isSubject || component.IsPart ? $"{what} has no licence: state the application's own." : $"{what} declares no licence.", Cisa);
    }
}
