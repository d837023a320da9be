using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Changelog;

/// <summary>The model as JSON: the same members as in C#, in camel case; what is not known is left out.</summary>
public static class ChangelogJson
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes a document.</summary>
    public static string Write(ChangelogDocument document) => JsonSerializer.Serialize(new { document.Releases }, Options);
}
