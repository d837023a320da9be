using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Secrets of HashiCorp Vault's key-value engines, <c>path#field</c>, by its HTTP API (Vault documentation, "KV secrets engine - version 2 (API)", Read secret version;
/// "version 1 (API)", Read secret). The token goes to that address and no other one: redirections are not followed.
/// </summary>
sealed class VaultSecretSource : ISecretSource, IDisposable
{
    const int LargestAnswer = 4 * 1024 * 1024;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    readonly HttpClient _client;
    readonly ISecretSource _tokens;
    readonly Func<string, string?> _variable;
    readonly TimeProvider _time;

    /// <param name="tokens">Gives out tokens.</param>
    /// <param name="variable">Reads a variable of the command that deploys.</param>
    /// <param name="time">The clock of the time limit.</param>
    public VaultSecretSource(ISecretSource tokens, Func<string, string?> variable, TimeProvider time)
    {
        (_tokens, _variable, _time) = (tokens, variable, time);
        _client = new HttpClient(new SocketsHttpHandler { Proxy = new ProxyPastLoopback(HttpClient.DefaultProxy), AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    /// <inheritdoc/>
    public async Task<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        using var json = await GetAsync(reference, cancellationToken);
        var (_, field) = SplitField(reference.Key);
        var data = Data(json.RootElement, reference);
        if (VersionOf(reference) == 2)
            data = Inner(data, "data") ?? throw new UserErrorException($"The secret '{reference}' was deleted in Vault, or its engine is of version 1.", "Write it anew, or 'version: 1' under 'secrets: { vault: … }'.");
        var fields = data.EnumerateObject().ToList();
        var entry = field is null && fields.Count == 1 ? fields[0] : fields.FirstOrDefault(x => x.Name == field);
        return entry.Value.ValueKind switch
        {
            JsonValueKind.String => entry.Value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => entry.Value.GetRawText(),
            JsonValueKind.Undefined => throw new UserErrorException(
                field is null ? $"The secret '{reference}' of Vault has {fields.Count} fields, and the reference names none." : $"The secret '{reference}' of Vault has no field '{field}'.",
                $"It has: {(fields.Count == 0 ? "none" : string.Join(", ", fields.Select(x => x.Name).Take(20)))}. Write 'vault:path#field'."),
            _ => throw new UserErrorException($"The secret '{reference}' of Vault is no text.", "Keep it as text."),
        };
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> FindChangeAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        if (VersionOf(reference) != 2)
            return null;
        using var json = await GetAsync(reference, cancellationToken);
        return Inner(Data(json.RootElement, reference), "metadata") is { } metadata
            && metadata.TryGetProperty("created_time", out var created) && created.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(created.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>A key's path, and the field after its last <c>#</c>.</summary>
    internal static (string Path, string? Field) SplitField(string key)
    {
        var mark = key.LastIndexOf('#');
        return mark < 0 ? (key, null) : (key[..mark], key[(mark + 1)..]);
    }

    async Task<JsonDocument> GetAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var address = AddressOf(reference);
        var name = $"{address.Scheme}://{address.Authority}";
        var token = await _tokens.ResolveAsync(TokenOf(reference), cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(address, reference));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (!request.Headers.TryAddWithoutValidation("X-Vault-Token", token) || token.Any(char.IsControl))
            throw new UserErrorException($"The token for Vault ('{TokenOf(reference)}') has characters that no token has.", "Put the token there, and nothing else.");
        request.Headers.TryAddWithoutValidation("X-Vault-Request", "true");
        if ((reference.Store?.Namespace ?? Some(_variable("VAULT_NAMESPACE"))) is { } space)
            request.Headers.TryAddWithoutValidation("X-Vault-Namespace", space);
        using var limit = new CancellationTokenSource(Limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                throw Refused(reference, name, (int)response.StatusCode);
            return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UserErrorException($"Vault at {name} did not answer within {Limit.TotalSeconds:0} s; '{reference}' is needed.", "Is it reachable from here?");
        }
        catch (HttpRequestException exception)
        {
            throw new UserErrorException($"Vault at {name} cannot be asked for '{reference}': {exception.Message.TrimEnd('.')}.", "Is it reachable from here, and is its address right?", exception);
        }
        catch (JsonException)
        {
            // Without the exception: its message may repeat a piece of the answer.
            throw new UserErrorException($"What {name} answered about '{reference}' is no JSON.", "Is that address Vault's?");
        }
    }

    static UserErrorException Refused(SecretReference reference, string name, int status) => status switch
    {
        403 => new($"Vault at {name} does not let this token read '{reference}'.", "Is the token still valid, and does a policy of it allow 'read' on that path?"),
        404 => new($"Vault at {name} has no secret '{reference}'.", "Is the path right, and the mount and the version of the engine under 'secrets: { vault: … }'?"),
        503 => new($"Vault at {name} is sealed or not ready; '{reference}' is needed.", "Unseal it."),
        >= 300 and < 400 => new($"Vault at {name} sends elsewhere for '{reference}'; the token is not sent there.", "Write the address of the active node."),
        _ => new($"Vault at {name} answered {status} for '{reference}'.", "Look at its log."),
    };

    Uri AddressOf(SecretReference reference)
    {
        var text = reference.Store?.Address ?? Some(_variable("VAULT_ADDR")) ?? throw new UserErrorException(
            $"The secret '{reference}' is in Vault, and nothing says where that is.", "Write 'secrets: { vault: { address: https://… } }', or set VAULT_ADDR.");
        return IsAddress(text) ? new Uri(text.TrimEnd('/') + "/") : throw new UserErrorException(
            "The address of Vault is none that a token is sent to.", "Write an https address without user name, query and path; http is for this machine alone.");
    }

    /// <summary>Whether tokens may be sent there: https, or this machine.</summary>
    internal static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    static Uri PathOf(Uri address, SecretReference reference)
    {
        var (path, _) = SplitField(reference.Key);
        var mount = (reference.Store?.Mount ?? "secret").Trim('/');
        var parts = (VersionOf(reference) == 2 ? $"{mount}/data/{path}" : $"{mount}/{path}").Split('/');
        if (parts.Any(x => x is "" or "." or ".." || x.Any(char.IsControl)))
            throw new UserErrorException($"'{reference}' names no path in Vault.", "Write 'vault:path/of/secret#field'.");
        return new Uri(address, $"v1/{string.Join('/', parts.Select(Uri.EscapeDataString))}");
    }

    static SecretReference TokenOf(SecretReference reference)
    {
        var text = reference.Store?.Token ?? "env:VAULT_TOKEN";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new SecretReference(text[..colon], text[(colon + 1)..]);
    }

    static int VersionOf(SecretReference reference) => reference.Store?.Version ?? 2;

    static JsonElement Data(JsonElement root, SecretReference reference) =>
        Inner(root, "data") ?? throw new UserErrorException($"What Vault answered about '{reference}' has no data.", "Is that address Vault's?");

    static JsonElement? Inner(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : null;

    static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
