using System.Text.Json;

namespace Fairlead.Versioning.Tests;

/// <summary>What the reference parser read in a message, in the words of this one.</summary>
static class ReferenceReading
{
    public static string? TextOf(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary><c>action owner/repository#12</c>, each once.</summary>
    public static HashSet<string> References(JsonElement output, bool withAction) =>
        output.TryGetProperty("references", out var list)
            ? [.. list.EnumerateArray().Select(x => $"{(withAction ? x.TextOf("action")?.ToLowerInvariant() : "")} {x.TextOf("owner")}/{x.TextOf("repository")}#{x.TextOf("issue")}")]
            : [];

    /// <inheritdoc cref="References(JsonElement, bool)"/>
    public static HashSet<string> References(string message, bool withAction) =>
        [.. CommitReferences.Find(message).Select(x => $"{(withAction ? x.Action : "")} {x.Owner}/{x.Repository}#{x.Id}")];
}
