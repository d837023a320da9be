using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>Reads CycloneDX in JSON, 1.2 to 1.7, as far as <see cref="Sbom"/> has room for it; what it has no room for is left out.</summary>
public static class CycloneDxReader
{
    const int MaximumDepth = 32;

    /// <summary>Reads a document.</summary>
    /// <param name="json">The document in UTF-8.</param>
    /// <param name="source">What to call it in messages: a file's name.</param>
    /// <exception cref="UserErrorException">It is no JSON, or no CycloneDX.</exception>
    public static Sbom Read(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "bomFormat") != "CycloneDX")
                throw new UserErrorException($"'{source}' is no CycloneDX document: it lacks \"bomFormat\": \"CycloneDX\".", "Have it written as CycloneDX in JSON (trivy: --format cyclonedx).");
            return ReadBom(root);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new UserErrorException($"'{source}' cannot be read as CycloneDX: {exception.Message}", "Have it written anew.", exception);
        }
    }

    static Sbom ReadBom(JsonElement root)
    {
        var metadata = Child(root, "metadata");
        var number = 0;
        var subject = Child(metadata, "component") is { } described
            ? ReadComponent(described, ref number)
            : new SbomComponent("subject", SbomComponentKind.Other, "unnamed", Version: null);
        List<SbomComponent> components = [];
        if (Child(metadata, "component") is { } owner)
            ReadComponents(owner, components, isPart: true, ref number, depth: 0);
        ReadComponents(root, components, isPart: false, ref number, depth: 0);
        return new Sbom
        {
            Subject = subject,
            Components = [.. components.DistinctBy(x => x.Reference).OrderBy(x => x.Reference, StringComparer.Ordinal)],
            Dependencies = Items(root, "dependencies").Where(x => Text(x, "ref") is not null).GroupBy(x => Text(x, "ref")!, StringComparer.Ordinal).ToImmutableSortedDictionary(
                x => x.Key,
                x => x.SelectMany(y => Items(y, "dependsOn")).Select(y => y.GetString()!).ToImmutableSortedSet(StringComparer.Ordinal),
                StringComparer.Ordinal),
            SerialNumber = Text(root, "serialNumber") is { } urn && Guid.TryParse(urn.Replace("urn:uuid:", "", StringComparison.Ordinal), out var serial) ? serial : null,
            Timestamp = Text(metadata, "timestamp") is { } time && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : null,
            Author = Items(metadata, "authors").Select(x => Text(x, "name")).FirstOrDefault(x => x is not null) is { } author ? new SbomParty(author) { IsPerson = true }
                : Party(Child(metadata, "manufacturer") ?? Child(metadata, "manufacture")),
            Tools = [.. Tools(metadata)],
            Lifecycle = Items(metadata, "lifecycles").Select(x => Text(x, "phase")).FirstOrDefault(x => x is not null),
            ReadFrom = $"CycloneDX {Text(root, "specVersion")}".Trim(),
        };
    }

    // A list of tools up to 1.4, an object with components since 1.5.
    static IEnumerable<SbomTool> Tools(JsonElement? metadata)
    {
        if (Child(metadata, "tools", JsonValueKind.Array) is not null)
            return Items(metadata, "tools").Select(x => new SbomTool(Text(x, "name") ?? "unnamed", Text(x, "version")));
        return Items(Child(metadata, "tools"), "components").Select(x => new SbomTool(Text(x, "name") ?? "unnamed", Text(x, "version")));
    }

    static void ReadComponents(JsonElement owner, List<SbomComponent> components, bool isPart, ref int number, int depth)
    {
        if (depth > MaximumDepth)
            throw new FormatException("its components are nested too deeply.");
        foreach (var item in Items(owner, "components"))
        {
            components.Add(ReadComponent(item, ref number) with { IsPart = isPart });
            ReadComponents(item, components, isPart, ref number, depth + 1);
        }
    }

    static SbomComponent ReadComponent(JsonElement item, ref int number)
    {
        number++;
        var purl = Text(item, "purl");
        var supplier = Party(Child(item, "supplier")) ?? Party(Child(item, "manufacturer")) ?? (Text(item, "publisher") is { } publisher ? new SbomParty(publisher) : null);
        return new SbomComponent(Text(item, "bom-ref") ?? purl ?? $"component-{number}", KindOf(Text(item, "type")), Text(item, "name") ?? "unnamed", Text(item, "version"))
        {
            Purl = purl,
            Group = Text(item, "group"),
            Scope = Text(item, "scope") == "excluded" ? SbomScope.Excluded : SbomScope.Required,
            Authors = [.. Items(item, "authors").Select(x => Text(x, "name")).Append(Text(item, "author")).OfType<string>()],
            Supplier = supplier,
            Hashes = [.. Items(item, "hashes").Where(x => Text(x, "alg") is not null && Text(x, "content") is not null).Select(x => new SbomHash(Text(x, "alg")!, Text(x, "content")!))],
            Licences = [.. Items(item, "licenses").Select(ReadLicence).OfType<SbomLicence>()],
            Copyright = Text(item, "copyright") is { } copyright && copyright != CycloneDxWriter.NoAssertion ? copyright : null,
            Description = Text(item, "description"),
            References = [.. Items(item, "externalReferences").Where(x => Text(x, "type") is not null && Text(x, "url") is not null).Select(x => new SbomReference(Text(x, "type")!, Text(x, "url")!, Text(x, "comment")))],
            Properties = [.. Items(item, "properties").Where(x => Text(x, "name") is not null).Select(x => new SbomProperty(Text(x, "name")!, Text(x, "value") ?? ""))],
        };
    }

    static SbomLicence? ReadLicence(JsonElement item)
    {
        if (Text(item, "expression") is { } expression)
            return new SbomLicence(expression);
        return Child(item, "license") is { } licence && (Text(licence, "id") ?? Text(licence, "name")) is { } name
            ? new SbomLicence(name) { Url = Text(licence, "url"), Text = Text(Child(licence, "text"), "content") }
            : null;
    }

    static SbomParty? Party(JsonElement? item) => Text(item, "name") is { } name
        ? new SbomParty(name)
        {
            Url = Items(item, "url").Where(x => x.ValueKind == JsonValueKind.String).Select(x => x.GetString()).FirstOrDefault(),
            Email = Items(item, "contact").Select(x => Text(x, "email")).FirstOrDefault(x => x is not null),
        }
        : null;

    static SbomComponentKind KindOf(string? type) => type switch
    {
        "library" => SbomComponentKind.Library,
        "application" => SbomComponentKind.Application,
        "framework" => SbomComponentKind.Framework,
        "container" => SbomComponentKind.Container,
        "operating-system" => SbomComponentKind.OperatingSystem,
        "file" => SbomComponentKind.File,
        _ => SbomComponentKind.Other,
    };

    static JsonElement? Child(JsonElement? element, string name, JsonValueKind kind = JsonValueKind.Object) =>
        element is { ValueKind: JsonValueKind.Object } owner && owner.TryGetProperty(name, out var child) && child.ValueKind == kind ? child : null;

    static IEnumerable<JsonElement> Items(JsonElement? element, string name) =>
        Child(element, name, JsonValueKind.Array) is { } array ? array.EnumerateArray() : [];

    static string? Text(JsonElement? element, string name) => Child(element, name, JsonValueKind.String)?.GetString();
}
