using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>Writes SPDX 2.3 in JSON. The same bill gives the same bytes.</summary>
public static class SpdxWriter
{
    const string NoAssertion = "NOASSERTION";
    const string Document = "SPDXRef-DOCUMENT";

    /// <summary>The media type of the document.</summary>
    public const string MediaType = "application/spdx+json";

    /// <summary>Writes the document; lines end with line feeds.</summary>
    /// <param name="sbom">The bill.</param>
    public static string Write(Sbom sbom)
    {
        var ids = Ids(sbom);
        var extracted = new SortedDictionary<string, SbomLicence>(StringComparer.Ordinal);
        return JsonDocumentWriter.Write(json =>
        {
            json.WriteString("spdxVersion", "SPDX-2.3");
            json.WriteString("dataLicense", "CC0-1.0");
            json.WriteString("SPDXID", Document);
            json.WriteString("name", $"{sbom.Subject.Name}-{sbom.Subject.Version}");
            json.WriteString("documentNamespace", $"urn:uuid:{sbom.SerialNumber ?? Guid.Empty}");
            json.WriteObject("creationInfo", () => WriteCreation(json, sbom));
            json.WriteArray("packages", sbom.Components.Prepend(sbom.Subject), x => json.WriteObject(() => WritePackage(json, x, ids[x.Reference], extracted)));
            json.WriteArray("relationships", Relationships(sbom, ids), x => json.WriteObject(() =>
            {
                json.WriteString("spdxElementId", x.From);
                json.WriteString("relationshipType", x.Type);
                json.WriteString("relatedSpdxElement", x.To);
            }));
            json.WriteArrayUnlessEmpty("hasExtractedLicensingInfos", extracted, x => json.WriteObject(() =>
            {
                json.WriteString("licenseId", x.Key);
                json.WriteString("extractedText", x.Value.Text ?? (x.Value.Url is { } url ? $"The text is at {url}." : $"The component says '{x.Value.Source ?? x.Value.Expression}'."));
                json.WriteString("name", x.Value.Source ?? x.Value.Expression);
                if (x.Value.Url is { } see)
                    json.WriteArray("seeAlsos", [see], json.WriteStringValue);
            }));
        });
    }

    static void WriteCreation(Utf8JsonWriter json, Sbom sbom)
    {
        json.WriteString("created", (sbom.Timestamp ?? DateTimeOffset.UnixEpoch).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        var tools = sbom.Tools.Select(x => $"Tool: {x.Name}{(x.Version is null ? "" : $"-{x.Version}")}");
        json.WriteArray("creators", sbom.Author is { } author ? tools.Append(Party(author)) : tools, json.WriteStringValue);
        if (sbom.Lifecycle is { } phase)
            json.WriteString("comment", $"Made in the {phase} phase.");
    }

    static void WritePackage(Utf8JsonWriter json, SbomComponent component, string id, SortedDictionary<string, SbomLicence> extracted)
    {
        json.WriteString("name", component.Group is { } group ? $"{group}/{component.Name}" : component.Name);
        json.WriteString("SPDXID", id);
        json.WriteStringUnlessNull("versionInfo", component.Version);
        json.WriteString("supplier", component.Supplier is { } supplier ? Party(supplier) : NoAssertion);
        json.WriteString("originator", component.Authors.IsEmpty ? NoAssertion : $"Organization: {string.Join(", ", component.Authors)}");
        json.WriteString("downloadLocation", NoAssertion);
        json.WriteBoolean("filesAnalyzed", false);
        json.WriteArrayUnlessEmpty("checksums", component.Hashes, x => json.WriteObject(() =>
        {
            json.WriteString("algorithm", x.Algorithm.Replace("SHA-", "SHA", StringComparison.Ordinal));
            json.WriteString("checksumValue", x.Content);
        }));
        json.WriteStringUnlessNull("homepage", component.References.FirstOrDefault(x => x.Type == "website")?.Url);
        if (component.References.FirstOrDefault(x => x.Type == "vcs") is { } vcs)
            json.WriteString("sourceInfo", vcs.Comment is null ? $"From {vcs.Url}" : $"From {vcs.Url} at {vcs.Comment}");
        json.WriteString("licenseConcluded", NoAssertion);
        json.WriteString("licenseDeclared", Licence(component.Licences, extracted));
        json.WriteString("copyrightText", component.Copyright ?? NoAssertion);
        json.WriteStringUnlessNull("description", component.Description);
        var purpose = component.Kind switch
        {
            SbomComponentKind.Application => "APPLICATION",
            SbomComponentKind.Framework => "FRAMEWORK",
            SbomComponentKind.Container => "CONTAINER",
            SbomComponentKind.OperatingSystem => "OPERATING-SYSTEM",
            SbomComponentKind.File => "FILE",
            SbomComponentKind.Other => "OTHER",
            _ => "LIBRARY",
        };
        json.WriteString("primaryPackagePurpose", purpose);
        json.WriteArrayUnlessEmpty("attributionTexts", [.. component.Properties.Select(x => $"{x.Name}: {x.Value}")], json.WriteStringValue);
        if (component.Purl is { } purl)
        {
            json.WriteArray("externalRefs", [purl], x => json.WriteObject(() =>
            {
                json.WriteString("referenceCategory", "PACKAGE-MANAGER");
                json.WriteString("referenceType", "purl");
                json.WriteString("referenceLocator", x);
            }));
        }
    }

    static IEnumerable<(string From, string Type, string To)> Relationships(Sbom sbom, Dictionary<string, string> ids)
    {
        yield return (Document, "DESCRIBES", ids[sbom.Subject.Reference]);
        foreach (var part in sbom.Components.Where(x => x.IsPart))
            yield return (ids[sbom.Subject.Reference], "CONTAINS", ids[part.Reference]);
        var development = sbom.Components.Where(x => x.Scope == SbomScope.Excluded).Select(x => x.Reference).ToHashSet(StringComparer.Ordinal);
        foreach (var component in sbom.Components.Prepend(sbom.Subject))
        {
            foreach (var dependency in sbom.DependenciesOf(component.Reference).Where(ids.ContainsKey))
            {
                yield return development.Contains(dependency)
                    ? (ids[dependency], "DEV_DEPENDENCY_OF", ids[component.Reference])
                    : (ids[component.Reference], "DEPENDS_ON", ids[dependency]);
            }
        }
    }

    static string Licence(ImmutableArray<SbomLicence> licences, SortedDictionary<string, SbomLicence> extracted)
    {
        if (licences.IsEmpty)
            return NoAssertion;
        var several = licences.Length > 1;
        return string.Join(" AND ", licences.Select(x => Licence(x, several, extracted)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    // An id that is not on the list, or no expression at all, has to be a reference in SPDX.
    static string Licence(SbomLicence licence, bool isOneOfSeveral, SortedDictionary<string, SbomLicence> extracted)
    {
        if (LicenceExpression.TryParse(licence.Expression, out var expression, out _) && expression.Licences().All(x => x.IsKnown || x.IsReference))
        {
            foreach (var reference in expression.Licences().Where(x => x.IsReference && x.Id.StartsWith("LicenseRef-", StringComparison.Ordinal)))
                extracted.TryAdd(reference.Id, licence);
            return isOneOfSeveral && expression is LicenceExpression.Either ? $"({expression})" : expression.ToString();
        }

        var id = $"LicenseRef-{Words(licence.Expression)}";
        extracted.TryAdd(id, licence);
        return id;
    }

    static string Party(SbomParty party) => $"{(party.IsPerson ? "Person" : "Organization")}: {party.Name}{(party.Email is null ? "" : $" ({party.Email})")}";

    static Dictionary<string, string> Ids(Sbom sbom)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal) { Document };
        foreach (var reference in sbom.Components.Prepend(sbom.Subject).Select(x => x.Reference))
        {
            var id = $"SPDXRef-{Words(reference)}";
            for (var number = 2; !taken.Add(id); number++)
                id = $"SPDXRef-{Words(reference)}-{number}";
            ids[reference] = id;
        }

        return ids;
    }

    // Letters, digits, dot and dash (SPDX 2.3, 7.2 and 10.1).
    static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var x in text)
            words.Append(char.IsAsciiLetterOrDigit(x) || x is '.' ? x : '-');
        return words.Length == 0 ? "unnamed" : words.ToString();
    }
}
