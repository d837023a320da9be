using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fairlead.Deployment;

/// <summary>A statement as the text that is signed: one line of JSON, of which there is one form only.</summary>
static class StatementText
{
    const int Longest = 64 * 1024;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    };

    public static string Of(ApprovalStatement statement) => JsonSerializer.Serialize(statement with { At = statement.At.ToUniversalTime() }, Json);

    /// <summary>The statement, or null where the text is none, or not in the form in which it is written here.</summary>
    public static ApprovalStatement? Read(string text)
    {
        if (text is not { Length: > 0 and <= Longest })
            return null;
        try
        {
            return JsonSerializer.Deserialize<ApprovalStatement>(text, Json) is { Request.Bypassed.IsDefault: false } statement && Of(statement) == text ? statement : null;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
