using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.SupplyChain;

/// <summary>The JSON schema of <c>.nuke/security.yml</c>, for editors.</summary>
public static class SecuritySchema
{
    /// <summary>The name of the file that it is kept in.</summary>
    public const string FileName = "security.schema.json";

    /// <summary>The whole schema, ended with a line feed. The same for every call of one version.</summary>
    public static string Text() => Text("security.yml", "What scans may let pass, and who accepted which finding until when.", SecurityKeys.Section.Schema());

    internal static string Text(string title, string description, JsonObject section)
    {
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title, ["description"] = description };
        foreach (var (name, value) in section)
            schema[name] = value?.DeepClone();
        return schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
    }
}
