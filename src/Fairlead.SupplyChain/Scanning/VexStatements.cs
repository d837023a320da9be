using System.Collections.Immutable;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// What VEX documents say: OpenVEX 0.2.0 (and the 0.0 before it), and the vulnerabilities of a CycloneDX document with their analysis. Only <c>not_affected</c>, <c>false_positive</c>, <c>fixed</c>
/// and <c>resolved</c> make a finding not count; the first two only with a justification or an explanation, as OpenVEX wants it.
/// </summary>
/// <param name="Statements">The statements that are honoured.</param>
/// <param name="Warnings">What is not honoured, and why.</param>
sealed record VexStatements(ImmutableArray<VexStatements.Statement> Statements, ImmutableArray<string> Warnings)
{
    /// <summary>No documents.</summary>
    public static VexStatements None { get; } = new([], []);

    /// <param name="Ids">The advisory and its other names.</param>
    /// <param name="Products">Package URLs of what it is about, with or without version.</param>
    /// <param name="Because">Status, reason and document.</param>
    public sealed record Statement(ImmutableArray<string> Ids, ImmutableArray<string> Products, string Because);

    /// <summary>Why a finding does not count, or null.</summary>
    public string? Find(Finding finding) => finding.Package is null
        ? null
        : Statements.FirstOrDefault(x => x.Ids.Any(y => finding.Ids.Contains(y, StringComparer.OrdinalIgnoreCase)) && x.Products.Any(y => PackageUrls.Covers(y, finding.Purl)))?.Because;

    /// <summary>Reads the documents that a policy names.</summary>
    /// <param name="root">The root of the repository.</param>
    /// <param name="globs">Globs of documents.</param>
    /// <exception cref="ProblemsException">A document cannot be read, or a glob finds none.</exception>
    public static VexStatements Load(AbsolutePath root, IReadOnlyCollection<string> globs)
    {
        List<Problem> problems = [];
        List<VexStatements> documents = [];
        foreach (var glob in globs)
        {
            var files = root.GlobFiles(glob);
            if (files.Count == 0)
                problems.Add(new Problem($"No file matches '{glob}'.", $"Mend or remove it in {SecurityPolicyReader.FileName}: vex.", new SourceLocation(SecurityPolicyReader.FileName)));
            foreach (var file in files)
            {
                var name = root.GetUnixRelativePathTo(file);
                try
                {
                    documents.Add(Parse(file.ReadAllText(), name));
                }
                catch (JsonException exception)
                {
                    problems.Add(new Problem($"This is no VEX document: {exception.Message}", "OpenVEX and CycloneDX VEX in JSON are read.", new SourceLocation(name)));
                }
            }
        }

        return problems.Count > 0
            ? throw new ProblemsException(problems)
            : new VexStatements([.. documents.SelectMany(x => x.Statements)], [.. documents.SelectMany(x => x.Warnings)]);
    }

    /// <summary>Reads one document.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static VexStatements Parse(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && Text(root, "bomFormat") == "CycloneDX")
                return ReadCycloneDx(root, name);
            if (root.ValueKind == JsonValueKind.Object && Text(root, "@context") is { } context && context.Contains("openvex", StringComparison.Ordinal))
                return ReadOpenVex(root, name);
            throw new JsonException("It has neither the '@context' of OpenVEX nor the 'bomFormat' of CycloneDX.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException("It does not have the form of one.", exception);
        }
    }

    static VexStatements ReadOpenVex(JsonElement root, string name)
    {
        var read = Items(root, "statements").Select(x => new Raw(
            OpenVexIds(x),
            [.. Items(x, "products").SelectMany(ProductUrls)],
            Text(x, "status") ?? "",
            Text(x, "justification"),
            Text(x, "impact_statement"),
            Text(x, "timestamp") ?? ""));
        return Honour(Latest(read), name);
    }

    static ImmutableArray<string> OpenVexIds(JsonElement statement)
    {
        if (!statement.TryGetProperty("vulnerability", out var vulnerability))
            return [];
        if (vulnerability.ValueKind == JsonValueKind.String)
            return [vulnerability.GetString()!];
        return [.. new[] { Text(vulnerability, "name"), Text(vulnerability, "@id") }.Concat(Items(vulnerability, "aliases").Select(x => x.GetString())).OfType<string>()];
    }

    /// <summary>A product with subcomponents is meant for these: the package is one of them.</summary>
    static IEnumerable<string> ProductUrls(JsonElement product)
    {
        if (product.ValueKind == JsonValueKind.String)
            return [product.GetString()!];
        var parts = Items(product, "subcomponents").SelectMany(ProductUrls).ToList();
        if (parts.Count > 0)
            return parts;
        var identifiers = product.TryGetProperty("identifiers", out var named) && named.ValueKind == JsonValueKind.Object ? Text(named, "purl") : null;
        return new[] { Text(product, "@id"), identifiers }.OfType<string>();
    }

    static VexStatements ReadCycloneDx(JsonElement root, string name)
    {
        var urls = Items(root, "components").Where(x => Text(x, "bom-ref") is not null && Text(x, "purl") is not null).DistinctBy(x => Text(x, "bom-ref"))
            .ToDictionary(x => Text(x, "bom-ref")!, x => Text(x, "purl")!, StringComparer.Ordinal);
        var read = Items(root, "vulnerabilities").Select(x =>
        {
            var analysis = x.TryGetProperty("analysis", out var found) ? found : default;
            var has = analysis.ValueKind == JsonValueKind.Object;
            return new Raw(
                [.. new[] { Text(x, "id") }.Concat(Items(x, "references").Select(y => Text(y, "id"))).OfType<string>()],
                [.. Items(x, "affects").Select(y => Text(y, "ref")).OfType<string>().Select(y => UrlOf(y, urls))],
                has ? Text(analysis, "state") ?? "" : "",
                has ? Text(analysis, "justification") : null,
                has ? Text(analysis, "detail") : null,
                "");
        });
        return Honour(read, name);
    }

    /// <summary>A reference is a component's in the same document, or a BOM-Link (<c>urn:cdx:serial/version#reference</c>), whose reference is mostly the package's URL.</summary>
    static string UrlOf(string reference, Dictionary<string, string> urls)
    {
        if (urls.TryGetValue(reference, out var url))
            return url;
        var hash = reference.StartsWith("urn:cdx:", StringComparison.Ordinal) ? reference.IndexOf('#', StringComparison.Ordinal) : -1;
        return hash < 0 ? reference : Uri.UnescapeDataString(reference[(hash + 1)..]);
    }

    /// <summary>Of several statements about the same, the latest counts.</summary>
    static IEnumerable<Raw> Latest(IEnumerable<Raw> statements) => statements
        .SelectMany(x => x.Products.Select(y => x with { Products = [y] }))
        .GroupBy(x => (string.Join('|', x.Ids), x.Products[0]))
        .Select(x => x.MaxBy(y => y.Timestamp, StringComparer.Ordinal)!);

    static VexStatements Honour(IEnumerable<Raw> statements, string name)
    {
        var honoured = ImmutableArray.CreateBuilder<Statement>();
        var warnings = ImmutableArray.CreateBuilder<string>();
        foreach (var x in statements)
        {
            if (x.Status is not ("not_affected" or "false_positive" or "fixed" or "resolved" or "resolved_with_pedigree"))
                continue;
            var why = string.Join(": ", new[] { x.Justification, x.Explanation }.Where(y => !string.IsNullOrWhiteSpace(y)));
            if (x.Status is "not_affected" or "false_positive" && why.Length == 0)
                warnings.Add($"{name} says '{x.Status}' of {x.Ids.FirstOrDefault("(no id)")} without a justification or an explanation, so it does not count. Add one.");
            else
                honoured.Add(new Statement(x.Ids, x.Products, $"{x.Status}{(why.Length > 0 ? $", {why}" : "")} ({name})"));
        }

        return new VexStatements(honoured.ToImmutable(), warnings.ToImmutable());
    }

    static List<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var items) && items.ValueKind != JsonValueKind.Null ? [.. items.EnumerateArray()] : [];

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    sealed record Raw(ImmutableArray<string> Ids, ImmutableArray<string> Products, string Status, string? Justification, string? Explanation, string Timestamp);
}
