using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Publishing a web application writes the times of its static files, which are those of the checkout, into a list of them. They become the time of the commit.
/// </summary>
public static class StaticAssets
{
    const string Suffix = ".staticwebassets.endpoints.json";
    const int LargestList = 64 << 20;

    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the lists of a published application anew, in place.</summary>
    /// <param name="directory">Where the application was published to.</param>
    /// <param name="time">The time of the commit.</param>
    public static void Normalise(AbsolutePath directory, DateTimeOffset time)
    {
        foreach (var file in directory.GetFiles($"*{Suffix}"))
        {
            if (Normalise(file.Name, File.ReadAllBytes(file), time) is { } changed)
                AtomicFile.Write(file, changed);
        }
    }

    /// <summary>Whether a file is such a list.</summary>
    internal static bool IsList(string name, long length) => name.EndsWith(Suffix, StringComparison.Ordinal) && length <= LargestList;

    /// <summary>The list with the time of the commit; null when there is no time in it, or it is no list.</summary>
    internal static byte[]? Normalise(string name, byte[] content, DateTimeOffset time)
    {
        if (!IsList(name, content.Length))
            return null;
        try
        {
            var list = StrictJson.Object(content);
            var headers = (list?["Endpoints"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .SelectMany(x => x["ResponseHeaders"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Where(x => ImageReader.Text(x, "Name") == "Last-Modified")
                .ToList();
            foreach (var header in headers)
                header["Value"] = time.ToUniversalTime().ToString("R");
            return headers.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(list, Json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Of another kind than the SDK's; it stays as it is.
            return null;
        }
    }
}
