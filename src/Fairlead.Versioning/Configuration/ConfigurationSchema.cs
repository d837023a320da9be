using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Versioning;

/// <summary>The JSON schema of GitVersion.yml, for editors.</summary>
public static class ConfigurationSchema
{
    /// <summary>The name of the file that it is kept in.</summary>
    public const string FileName = "gitversion.schema.json";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole schema, ended with a line feed. The same for every call of one version.</summary>
    public static string Text()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "GitVersion.yml",
            ["description"] = "How versions are made of the history. The keys are those of GitVersion 6, and 'commit-message-convention'.",
        };
        foreach (var (name, value) in ConfigurationKeys.Section.Schema())
            schema[name] = value?.DeepClone();
        schema["$defs"] = new JsonObject { ["branch"] = BranchKeys.Section.Schema() };
        return schema.ToJsonString(Indented) + "\n";
    }
}
