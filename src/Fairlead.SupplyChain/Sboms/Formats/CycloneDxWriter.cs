using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>Writes CycloneDX 1.6 in JSON. The same bill gives the same bytes.</summary>
public static class CycloneDxWriter
{
    /// <summary>Placeholder for a notice or licence that a component does not state: SPDX's word for it.</summary>
    internal const string NoAssertion = "NOASSERTION";

    /// <summary>The media type of the document.</summary>
    public const string MediaType = "application/vnd.cyclonedx+json";

    /// <summary>Writes the document; lines end with line feeds.</summary>
    /// <param name="sbom">The bill.</param>
    public static string Write(Sbom sbom) => JsonDocumentWriter.Write(json =>
    {
        json.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        json.WriteString("bomFormat", "CycloneDX");
        json.WriteString("specVersion", "1.6");
        if (sbom.SerialNumber is { } number)
            json.WriteString("serialNumber", $"urn:uuid:{number}");
        json.WriteNumber("version", 1);
        json.WriteObject("metadata", () => WriteMetadata(json, sbom));
        json.WriteArray("components", sbom.Components.Where(x => !x.IsPart), x => WriteComponent(json, x));
        json.WriteArray("dependencies", sbom.Components.Select(x => x.Reference).Prepend(sbom.Subject.Reference), x => json.WriteObject(() =>
        {
            json.WriteString("ref", x);
            json.WriteArray("dependsOn", sbom.DependenciesOf(x), json.WriteStringValue);
        }));
        // What the subject is made of is known completely: restore has resolved it.
        json.WriteArray("compositions", [sbom.Subject.Reference], x => json.WriteObject(() =>
        {
            json.WriteString("aggregate", "complete");
            json.WriteArray("dependencies", [x], json.WriteStringValue);
        }));
    });

    static void WriteMetadata(Utf8JsonWriter json, Sbom sbom)
    {
        if (sbom.Timestamp is { } time)
            json.WriteString("timestamp", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (sbom.Lifecycle is { } phase)
            json.WriteArray("lifecycles", [phase], x => json.WriteObject(() => json.WriteString("phase", x)));
        json.WriteObject("tools", () => json.WriteArray("components", sbom.Tools, x => json.WriteObject(() =>
        {
            json.WriteString("type", "application");
            json.WriteString("name", x.Name);
            json.WriteStringUnlessNull("version", x.Version);
        })));
        if (sbom.Author is { } author)
        {
            json.WriteArray("authors", [author], x => json.WriteObject(() =>
            {
                json.WriteString("name", x.Name);
                json.WriteStringUnlessNull("email", x.Email);
            }));
        }

        WriteComponent(json, sbom.Subject, "component", [.. sbom.Components.Where(x => x.IsPart)]);
        if (sbom.Author is { IsPerson: false } organisation)
            WriteOrganisation(json, "manufacturer", organisation);
        if (sbom.Subject.Supplier is { } supplier)
            WriteOrganisation(json, "supplier", supplier);
    }

    static void WriteOrganisation(Utf8JsonWriter json, string name, SbomParty party) => json.WriteObject(name, () =>
    {
        json.WriteString("name", party.Name);
        if (party.Url is { } url)
            json.WriteArray("url", [url], json.WriteStringValue);
        if (party.Email is { } email)
        {
            json.WriteArray("contact", [email], x => json.WriteObject(() =>
            {
                json.WriteString("name", party.Name);
                json.WriteString("email", x);
            }));
        }
    });

    static void WriteComponent(Utf8JsonWriter json, SbomComponent component, string? propertyName = null, ImmutableArray<SbomComponent> parts = default)
    {
        if (propertyName is not null)
            json.WritePropertyName(propertyName);
        json.WriteObject(() =>
        {
            json.WriteString("type", TypeOf(component.Kind));
            json.WriteString("bom-ref", component.Reference);
            if (component.Supplier is { } supplier)
                WriteOrganisation(json, "supplier", supplier);
            json.WriteArrayUnlessEmpty("authors", component.Authors, x => json.WriteObject(() => json.WriteString("name", x)));
            json.WriteStringUnlessNull("group", component.Group);
            json.WriteString("name", component.Name);
            json.WriteStringUnlessNull("version", component.Version);
            json.WriteStringUnlessNull("description", component.Description);
            if (propertyName is null)
                json.WriteString("scope", component.Scope == SbomScope.Excluded ? "excluded" : "required");
            json.WriteArrayUnlessEmpty("hashes", component.Hashes, x => json.WriteObject(() =>
            {
                json.WriteString("alg", x.Algorithm);
                json.WriteString("content", x.Content);
            }));
            WriteLicences(json, component.Licences);
            json.WriteString("copyright", component.Copyright ?? NoAssertion);
            json.WriteStringUnlessNull("purl", component.Purl);
            json.WriteArrayUnlessEmpty("externalReferences", component.References, x => json.WriteObject(() =>
            {
                json.WriteString("type", x.Type);
                json.WriteString("url", x.Url);
                json.WriteStringUnlessNull("comment", x.Comment);
            }));
            if (!parts.IsDefaultOrEmpty)
                json.WriteArray("components", parts, x => WriteComponent(json, x));
            json.WriteArrayUnlessEmpty("properties", component.Properties, x => json.WriteObject(() =>
            {
                json.WriteString("name", x.Name);
                json.WriteString("value", x.Value);
            }));
        });
    }

    // Either single licences, or one expression (the schema's licenseChoice); an id only where the schema's list has it.
    static void WriteLicences(Utf8JsonWriter json, ImmutableArray<SbomLicence> licences)
    {
        if (licences.IsEmpty)
            return;
        json.WriteArray("licenses", licences is [var only] && IsCompound(only) ? licences : [.. licences.OrderBy(x => x.Expression, StringComparer.Ordinal)], licence => json.WriteObject(() =>
        {
            if (licences.Length == 1 && IsCompound(licence))
            {
                json.WriteString("expression", licence.Expression);
                json.WriteString("acknowledgement", "declared");
                return;
            }

            json.WriteObject("license", () =>
            {
                json.WriteString(LicenceIds.IsInCycloneDx(licence.Expression) ? "id" : "name", licence.Expression);
                json.WriteString("acknowledgement", "declared");
                if (licence.Text is { } text)
                {
                    json.WriteObject("text", () =>
                    {
                        json.WriteString("contentType", "text/plain");
                        json.WriteString("content", text);
                    });
                }

                json.WriteStringUnlessNull("url", licence.Url);
            });
        }));
    }

    // An expression of what is on the list; one unlisted word is a name, and so is what cannot be read.
    static bool IsCompound(SbomLicence licence) =>
        !LicenceIds.IsInCycloneDx(licence.Expression)
        && LicenceExpression.TryParse(licence.Expression, out var expression, out _)
        && expression.Licences().All(x => x.IsKnown || x.IsReference)
        && expression is not LicenceExpression.Licence { IsReference: true };

    static string TypeOf(SbomComponentKind kind) => kind switch
    {
        SbomComponentKind.Application => "application",
        SbomComponentKind.Framework => "framework",
        SbomComponentKind.Container => "container",
        SbomComponentKind.OperatingSystem => "operating-system",
        SbomComponentKind.File => "file",
        _ => "library",
    };
}
