using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Gets a key for one run from a feed that trusts the build server: GitHub Actions says by a signed token which workflow runs, and the feed's token service
/// gives a key for it (NuGet, trusted publishing). The service is where the feed's own index says that packages go, with <c>token</c> in the place of the last part.
/// </summary>
public static class NuGetTrustedPublishing
{
    const int LargestAnswer = 1 << 20;
    const string Address = "ACTIONS_ID_TOKEN_REQUEST_URL";
    const string Token = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

    /// <summary>Whether the build server can say who it is: the job has the permission <c>id-token: write</c>.</summary>
    public static bool IsAvailable(IReadOnlyDictionary<string, string> environment) => environment.ContainsKey(Address) && environment.ContainsKey(Token);

    /// <summary>Gets a key.</summary>
    /// <param name="http">Sends.</param>
    /// <param name="feed">The feed that trusts.</param>
    /// <param name="user">The user of the feed who set up the trust.</param>
    /// <param name="environment">Variables of the build server.</param>
    /// <param name="redactor">Is told every token and the key.</param>
    /// <param name="time">The clock for pauses between attempts.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">The build server gives no token, or the feed no key.</exception>
    public static async Task<string> GetKeyAsync(
        HttpClient http, NuGetFeed feed, string user, IReadOnlyDictionary<string, string> environment, Redactor redactor, TimeProvider time, CancellationToken cancellationToken)
    {
        var publish = feed.PublishEndpoint ?? throw new UserErrorException($"The feed '{feed.Name}' is a directory, which knows no trusted publishing.");
        var service = new Uri(publish.AbsoluteUri.TrimEnd('/'));
        service = new Uri(service, "token");
        var audience = publish.GetLeftPart(UriPartial.Authority);
        var retrying = new RetryingHttp(http, time);

        redactor.Add(environment[Token]);
        if (!Uri.TryCreate($"{environment[Address]}&audience={Uri.EscapeDataString(audience)}", UriKind.Absolute, out var request) || !RetryingHttp.IsSafe(request))
            throw new UserErrorException($"The variable {Address} is no https address.", "It is set by GitHub Actions; nothing else should set it.");
        var identity = await AskAsync(retrying, () => Authorised(new HttpRequestMessage(HttpMethod.Get, request), environment[Token]), "GitHub's token service", "value", "Give the job the permission 'id-token: write'.", cancellationToken);
        redactor.Add(identity);

        var key = await AskAsync(
            retrying,
            () => Authorised(new HttpRequestMessage(HttpMethod.Post, service) { Content = JsonContent.Create(new JsonObject { ["username"] = user, ["tokenType"] = "ApiKey" }) }, identity),
            $"The token service of '{feed.Name}'",
            "apiKey",
            $"Check the trusted publishing policy of '{user}' there: owner, repository, workflow file and environment must be those of this run.",
            cancellationToken);
        redactor.Add(key);
        return key;
    }

    static HttpRequestMessage Authorised(HttpRequestMessage request, string token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    static async Task<string> AskAsync(RetryingHttp http, Func<HttpRequestMessage> make, string what, string member, string remedy, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(
            make,
            async response => response.IsSuccessStatusCode
                ? await RetryingHttp.ReadBoundedAsync(response, LargestAnswer, what, cancellationToken)
                : throw new UserErrorException($"{what} answered {await RetryingHttp.ExplainAsync(response, cancellationToken)}.", remedy),
            what,
            cancellationToken);
        try
        {
            return ImageReader.Text(StrictJson.Object(answer), member) is { Length: > 0 } value ? value : throw new UserErrorException($"{what} gave no '{member}'.", remedy);
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{what} did not answer with JSON.", remedy, e);
        }
    }
}
