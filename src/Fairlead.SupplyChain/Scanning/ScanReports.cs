using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// The reports of a scan in a directory: <c>scan/*.json</c> as Trivy wrote them (without secrets), <c>scan.json</c> with all findings and what became of them, <c>scan.sarif</c>. Parts that are
/// scanned one after the other, in other processes too, come together as long as they are over the same tree.
/// </summary>
/// <param name="directory">Where the reports go.</param>
/// <param name="tree">Names the tree that is scanned; reports over another one are replaced.</param>
public sealed class ScanReports(AbsolutePath directory, string tree)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    readonly Lock _gate = new();

    /// <summary>Adds the result of a part, in place of an earlier one.</summary>
    public void Add(PartResult result)
    {
        lock (_gate)
        {
            foreach (var (name, json) in result.Reports)
                AtomicFile.Write(directory / "scan" / $"{name}.json", json);
            var parts = Read().Where(x => x.Kind != result.Verdict.Kind).Append(new Part(result.Verdict.Kind, result.Verdict, result.Findings)).OrderBy(x => x.Kind, StringComparer.Ordinal).ToImmutableArray();
            AtomicFile.Write(directory / "scan.json", JsonSerializer.Serialize(new Document(1, tree, parts), Json) + "\n");
            AtomicFile.Write(directory / "scan.sarif", SarifReport.Text([.. parts.SelectMany(x => x.Findings)]));
        }
    }

    ImmutableArray<Part> Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Document>((directory / "scan.json").ReadAllText(), Json) is { FormatVersion: 1 } document && document.Tree == tree ? document.Parts : [];
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return [];
        }
    }

    sealed record Document(int FormatVersion, string Tree, ImmutableArray<Part> Parts);

    sealed record Part(string Kind, Verdict Verdict, ImmutableArray<Finding> Findings);
}
