using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Secrets of Kubernetes, <c>namespace/secret#key</c>, read by <c>kubectl get secret</c> (Kubernetes API, Secret v1: values are base64).</summary>
/// <param name="processes">Starts kubectl.</param>
sealed class KubernetesSecretSource(IProcessRunner processes) : ISecretSource
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var (_, secret, key) = Parts(reference);
        using var json = await GetAsync(reference, cancellationToken);
        var data = json.RootElement.TryGetProperty("data", out var found) && found.ValueKind == JsonValueKind.Object ? found.EnumerateObject().ToList() : [];
        var entry = key is null && data.Count == 1 ? data[0] : data.FirstOrDefault(x => x.Name == key);
        if (entry.Value.ValueKind != JsonValueKind.String)
        {
            throw new UserErrorException(
                key is null ? $"The secret '{reference}' of Kubernetes has {data.Count} keys, and the reference names none." : $"The secret '{secret}' of Kubernetes has no key '{key}'.",
                $"It has: {(data.Count == 0 ? "none" : string.Join(", ", data.Select(x => x.Name)))}. Write 'kubernetes:namespace/secret#key'.");
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(entry.Value.GetBytesFromBase64());
        }
        catch (Exception exception) when (exception is FormatException or DecoderFallbackException)
        {
            throw new UserErrorException($"The secret '{reference}' is no text in base64.", "Keep it as text.");
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> FindChangeAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        using var json = await GetAsync(reference, cancellationToken);
        if (!json.RootElement.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object)
            return null;
        List<DateTimeOffset?> times = [Time(metadata, "creationTimestamp")];
        if (metadata.TryGetProperty("managedFields", out var fields) && fields.ValueKind == JsonValueKind.Array)
            times.AddRange(fields.EnumerateArray().Where(x => x.ValueKind == JsonValueKind.Object).Select(x => Time(x, "time")));
        return times.Max();

        static DateTimeOffset? Time(JsonElement element, string name) =>
            element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    async Task<JsonDocument> GetAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var (space, secret, _) = Parts(reference);
        ImmutableArray<string> arguments =
        [
            .. reference.Store?.Context is { } context ? (string[])[$"--context={context}"] : [],
            "get", "secret", "--output=json", "--show-managed-fields=true",
            .. space is not null ? (string[])[$"--namespace={space}"] : [],
            "--", secret,
        ];
        var text = await CommandSecretSource.ReadAsync(processes, new ToolCommand("kubectl", arguments) { Timeout = Limit }, reference, cancellationToken);
        try
        {
            var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
        }
        catch (JsonException)
        {
            // Said below; the exception's message may repeat a piece of what was read.
        }

        throw new UserErrorException($"The secret '{reference}' cannot be read: kubectl's answer is no JSON object.", "Is the program 'kubectl' on the path Kubernetes' own?");
    }

    static (string? Namespace, string Secret, string? Key) Parts(SecretReference reference)
    {
        var (path, key) = VaultSecretSource.SplitField(reference.Key);
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (space, secret) = slash < 0 ? (reference.Store?.Namespace, path) : (path[..slash], path[(slash + 1)..]);
        return IsName(secret) && (space is null || IsName(space)) ? (space, secret, key) : throw new UserErrorException(
            $"'{reference}' names no secret of Kubernetes.", "Write 'kubernetes:namespace/secret#key'.");
    }

    static bool IsName(string text) => text.Length is > 0 and <= 253 && char.IsAsciiLetterOrDigit(text[0]) && text.All(x => char.IsAsciiLetterLower(x) || char.IsAsciiDigit(x) || x is '-' or '.');
}
