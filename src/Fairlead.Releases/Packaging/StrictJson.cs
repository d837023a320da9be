using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Releases;

/// <summary>Reads JSON that others have written. A name that stands twice in an object is refused, because readers differ in which of the two they take (RFC 8259, section 4).</summary>
static class StrictJson
{
    static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The object; null when it is JSON of another kind.</summary>
    /// <exception cref="JsonException">It is no JSON, or has a name twice.</exception>
    public static JsonObject? Object(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json, documentOptions: Options) as JsonObject;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <summary>The object; null when it is JSON of another kind.</summary>
    /// <exception cref="JsonException">It is no JSON, or has a name twice.</exception>
    public static JsonObject? Object(string json) => Object(Encoding.UTF8.GetBytes(json));
}
