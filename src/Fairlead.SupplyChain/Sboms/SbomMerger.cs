using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>
/// Adds to a bill what another one has seen beside it: the packages of the operating system in an image, packages of other languages in the published output.
/// </summary>
public static class SbomMerger
{
    const string ClassProperty = "aquasecurity:trivy:Class";

    /// <summary>
    /// Merges. What both have, by package URL (NuGet names in any case), is told as <paramref name="ours"/> tells it; the rest is added, with its relations. The other's subject
    /// becomes ours, and files that Trivy lists only because it found packages in them are left out, what they hold hanging on what held them.
    /// References of the other bill that are random are replaced, so that the result depends on its contents alone.
    /// </summary>
    /// <param name="ours">The bill that was made here.</param>
    /// <param name="seen">What a scanner has seen, read by <see cref="CycloneDxReader"/>.</param>
    public static Sbom Merge(Sbom ours, Sbom seen)
    {
        var known = ours.Components.Where(x => x.Purl is not null).ToLookup(x => PackageUrl.Key(x.Purl!), x => x.Reference, StringComparer.Ordinal);
        var taken = ours.Components.Select(x => x.Reference).Append(ours.Subject.Reference).ToHashSet(StringComparer.Ordinal);
        // Of each of their references: what it is here. An empty list is one that is left out, and handed through.
        var here = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal) { [seen.Subject.Reference] = [ours.Subject.Reference] };
        List<SbomComponent> added = [];
        foreach (var component in seen.Components.OrderBy(Key, StringComparer.Ordinal))
        {
            if (component.Purl is { } purl && known[PackageUrl.Key(purl)].ToImmutableArray() is { IsEmpty: false } matches)
            {
                here[component.Reference] = matches;
            }
            else if (IsFileOfPackages(component))
            {
                here[component.Reference] = [];
            }
            else
            {
                var reference = Key(component);
                for (var number = 2; !taken.Add(reference); number++)
                    reference = $"{Key(component)}|{number}";
                here[component.Reference] = [reference];
                added.Add(component with { Reference = reference });
            }
        }

        var dependencies = ours.Dependencies.ToBuilder();
        var reached = new HashSet<string>(StringComparer.Ordinal);
        foreach (var from in seen.Dependencies.Keys.Where(here.ContainsKey))
        {
            var targets = Targets(seen, here, from).ToList();
            foreach (var reference in here[from])
            {
                var additions = targets.Where(x => x != reference).ToList();
                // What is ours already keeps the relations that restore knows; the scanner may only add what is its own.
                if (known.Any(x => x.Contains(reference)))
                    additions.RemoveAll(x => ours.Dependencies.ContainsKey(x));
                dependencies[reference] = dependencies.GetValueOrDefault(reference, Sbom.NoReferences).Union(additions);
                reached.UnionWith(additions);
            }
        }

        // Nothing hangs in the air: what nobody needs is in the subject all the same.
        dependencies[ours.Subject.Reference] = dependencies.GetValueOrDefault(ours.Subject.Reference, Sbom.NoReferences)
            .Union(added.Select(x => x.Reference).Where(x => !reached.Contains(x)));
        return ours with
        {
            Components = [.. ours.Components.Concat(added).OrderBy(x => x.Reference, StringComparer.Ordinal)],
            Dependencies = dependencies.ToImmutable(),
            Tools = [.. ours.Tools.Concat(seen.Tools).Distinct()],
        };
    }

    static IEnumerable<string> Targets(Sbom seen, Dictionary<string, ImmutableArray<string>> here, string from)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(seen.DependenciesOf(from));
        while (open.TryPop(out var reference))
        {
            if (!visited.Add(reference) || !here.TryGetValue(reference, out var targets))
                continue;
            if (targets.IsEmpty)
            {
                foreach (var next in seen.DependenciesOf(reference))
                    open.Push(next);
            }

            foreach (var target in targets)
                yield return target;
        }
    }

    static bool IsFileOfPackages(SbomComponent component) =>
        component is { Kind: SbomComponentKind.Application, Purl: null } && component.Properties.Any(x => x.Name == ClassProperty && x.Value == "lang-pkgs");

    static string Key(SbomComponent component) => component.Purl ?? $"{component.Kind.ToString().ToLowerInvariant()}:{component.Name}@{component.Version}";
}
