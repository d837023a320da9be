using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Releases;

/// <summary>How <c>release.json</c> is written and read. Members that are not known are left alone: a newer writer may add some.</summary>
[JsonSerializable(typeof(ReleaseManifest))]
sealed partial class ReleaseJson : JsonSerializerContext
{
    /// <summary>The newest schema version that this code reads.</summary>
    public const int SchemaVersion = 1;

    public static readonly ReleaseJson Instance = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        // Notes are to be read by people too; the file is never put into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });
}
