using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>
/// Hands a verdict from the target that made it to Package, which may run in another process. It is worth something only for the very
/// tree that was looked at.
/// </summary>
sealed record VerdictFile(string Tree, Verdict Verdict)
{
    const string Extension = ".verdict.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>Keeps a verdict.</summary>
    public static void Write(AbsolutePath directory, string tree, Verdict verdict) =>
        AtomicFile.Write(At(directory, verdict.Kind), JsonSerializer.Serialize(new VerdictFile(tree, verdict), Json));

    /// <summary>Forgets a verdict: a new one is being made.</summary>
    public static void Delete(AbsolutePath directory, string kind) => At(directory, kind).DeleteFile();

    /// <summary>The verdict of a kind over a tree; one over another tree, or none, was not done.</summary>
    public static Verdict Read(AbsolutePath directory, string tree, string kind)
    {
        var file = At(directory, kind);
        if (!file.FileExists())
            return new Verdict(kind, VerdictOutcome.NotDone, "It was not run.");
        VerdictFile? kept = null;
        try
        {
            kept = JsonSerializer.Deserialize<VerdictFile>(file.ReadAllText(), Json);
        }
        catch (JsonException)
        {
            // Not written by this; nothing can be concluded from it.
        }

        return kept?.Tree == tree ? kept!.Verdict : new Verdict(kind, VerdictOutcome.NotDone, "It was last run over another commit.");
    }

    /// <summary>The kinds of which a verdict is kept, over whatever tree.</summary>
    public static IEnumerable<string> Kinds(AbsolutePath directory) => directory.DirectoryExists()
        ? directory.GetFiles("*" + Extension).Select(x => x.Name[..^Extension.Length]).Order(StringComparer.Ordinal)
        : [];

    static AbsolutePath At(AbsolutePath directory, string kind) => directory / (kind + Extension);
}
