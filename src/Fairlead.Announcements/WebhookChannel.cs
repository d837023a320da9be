using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Announcements;

/// <summary>
/// Posts the announcement as JSON to an address of the user's choice: <c>title</c>, <c>version</c>, <c>notes</c> (Markdown), <c>links</c>
/// (<c>text</c>, <c>url</c>) and <c>releaseDigest</c>. The header <c>Idempotency-Key</c> carries the digest too, because a post may be
/// repeated whose answer was lost.
/// </summary>
public sealed class WebhookChannel : IAnnouncementChannel
{
    const int Attempts = 3;

    static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    readonly HttpClient _http;
    readonly Uri _url;
    readonly TimeProvider _time;

    /// <param name="http">Sends; kept and not disposed.</param>
    /// <param name="url">Where to. A secret: who knows it can post. It is never shown beyond its host.</param>
    /// <param name="redactor">Is told the secret.</param>
    /// <param name="time">The clock for limits and pauses.</param>
    /// <exception cref="UserErrorException">The address is not https (or http on this machine).</exception>
    public WebhookChannel(HttpClient http, string url, Redactor redactor, TimeProvider time)
    {
        redactor.Add(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
            throw new UserErrorException("The webhook's address is not an https URL.", "Give the whole address that the receiving service shows, beginning with https://.");
        redactor.Add(uri.PathAndQuery);
        (_http, _url, _time) = (http, uri, time);
    }

    /// <inheritdoc/>
    public string Name => $"webhook at {_url.Host}";

    /// <inheritdoc/>
    public string Preview(Announcement announcement) => JsonSerializer.Serialize(
        new
        {
            announcement.Title,
            announcement.Version,
            announcement.Notes,
            Links = announcement.Links.Select(x => new { x.Text, Url = x.Url.AbsoluteUri }).ToImmutableArray(),
            announcement.ReleaseDigest,
        },
        Json);

    /// <summary>Posts, three times at most: after no answer in 10 s, a broken connection, or a status of 408, 429 or 5xx it waits 1 s, then 2 s.</summary>
    /// <inheritdoc/>
    public async Task SendAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        var body = Preview(announcement);
        for (var attempt = 1; ; attempt++)
        {
            var (error, isPassing) = await PostAsync(body, announcement.ReleaseDigest, cancellationToken);
            if (error is null)
                return;
            if (!isPassing || attempt == Attempts)
            {
                var times = attempt == 1 ? "" : $" {attempt} times";
                throw new UserErrorException($"The {Name} did not take the announcement{times}: {error}.", isPassing ? "Run Announce again later." : "Check the address.");
            }

            await Task.Delay(FirstPause * attempt, _time, cancellationToken);
        }
    }

    /// <returns>What went wrong, or null; and whether it may go better next time.</returns>
    async Task<(string? Error, bool IsPassing)> PostAsync(string body, string key, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AttemptLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        try
        {
            // The answer's body is not wanted, and may quote the address.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var status = response.StatusCode;
            return response.IsSuccessStatusCode
                ? (null, false)
                : ($"it answered {(int)status}", status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500);
        }
        catch (HttpRequestException exception)
        {
            return ($"no connection ({exception.HttpRequestError})", true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ($"no answer within {AttemptLimit.TotalSeconds:0} s", true);
        }
    }
}
