using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Deployment;

/// <summary>The JSON schema of <c>environments.yml</c>, for editors.</summary>
public static class EnvironmentsSchema
{
    /// <summary>The name of the file that is kept beside <c>environments.yml</c>.</summary>
    public const string FileName = "environments.schema.json";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole schema, ended with a line feed. The same for every call of one version.</summary>
    public static string Text()
    {
        var definitions = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = ".nuke/environments.yml",
            ["description"] = "Where releases are deployed, and how. Written by './build.sh :environments'.",
        };
        foreach (var (name, value) in Of(EnvironmentKeys.File, Reference))
            schema[name] = value?.DeepClone();
        schema["$defs"] = new JsonObject(definitions);
        return schema.ToJsonString(Indented) + "\n";

        string Reference(KeySection section)
        {
            if (definitions.TryAdd(section.Name, null))
                definitions[section.Name] = Of(section, Reference);
            return $"#/$defs/{section.Name}";
        }
    }

    static JsonObject Of(KeySection section, Func<KeySection, string> reference)
    {
        var properties = new JsonObject();
        foreach (var key in section.Keys)
        {
            properties[key.Name] = Described(key.Shape, key.Description);
            foreach (var alias in key.Aliases)
                properties[alias] = Described(key.Shape, $"Another word for '{key.Name}'.");
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = section.Names?.Schema(reference) ?? (JsonNode)false,
        };

        JsonObject Described(Shape shape, string description)
        {
            var schema = shape.Schema(reference);
            schema.Insert(0, "description", description);
            return schema;
        }
    }
}
