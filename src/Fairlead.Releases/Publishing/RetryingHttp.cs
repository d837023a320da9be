using System.Net;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Sends requests that may be repeated, four times at most: after no answer, a broken connection (also in the middle of the answer), or a status of 408, 429 or 5xx it waits 1, 2, then 4 s,
/// or as long as the server asks for, up to a minute. Redirections are followed where something is only read, to safe addresses, and without what is secret to other hosts.
/// </summary>
/// <param name="http">Follows no redirections by itself, as <see cref="UploadClient"/>.</param>
/// <param name="time">The clock for the pauses.</param>
sealed class RetryingHttp(HttpClient http, TimeProvider time)
{
    const int Attempts = 4;
    const int MostRedirections = 5;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    static readonly string[] SecretHeaders = ["Authorization", "Cookie", "X-NuGet-ApiKey"];

    /// <param name="make">Makes the request; called anew for each attempt, because a body can be sent only once.</param>
    /// <param name="what">For the message when there is no answer: <c>The feed 'x'</c>.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The answer, whatever its status; to be disposed.</returns>
    /// <exception cref="UserErrorException">There was no answer.</exception>
    public Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, string what, CancellationToken cancellationToken) => TryAsync(make, Task.FromResult, what, cancellationToken);

    /// <summary>Sends, and reads the answer: one that is cut off is asked for again.</summary>
    /// <param name="make">Makes the request; called anew for each attempt.</param>
    /// <param name="read">Reads the answer, whatever its status; called anew for each attempt.</param>
    /// <param name="what">For the message when there is no answer: <c>The feed 'x'</c>.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">There was no whole answer.</exception>
    public Task<T> SendAsync<T>(Func<HttpRequestMessage> make, Func<HttpResponseMessage, Task<T>> read, string what, CancellationToken cancellationToken) => TryAsync(
        make,
        async response =>
        {
            using (response)
                return await read(response);
        },
        what,
        cancellationToken);

    /// <summary>An address that may be sent secrets: https, or http on this machine.</summary>
    public static bool IsSafe(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);

    /// <summary>The first words of an answer, for a message; not more, because it may be a page.</summary>
    public static async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        const int Most = 300;
        var reason = $"{(int)response.StatusCode} {response.ReasonPhrase}".Trim();
        if (TargetOf(response) is { } target)
            return $"{reason} (to {target.GetLeftPart(UriPartial.Authority)}, where nothing was sent)";
        var buffer = new byte[4 * Most];
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var read = 0;
        try
        {
            read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (IOException)
        {
            // Cut off; the status says enough.
        }

        var text = string.Concat(System.Text.Encoding.UTF8.GetString(buffer, 0, read).Select(x => char.IsControl(x) ? ' ' : x)).Trim();
        return text.Length == 0 || text.StartsWith('<') ? reason : $"{reason}: {(text.Length > Most ? text[..Most] + "…" : text)}";
    }

    /// <summary>All of a JSON answer.</summary>
    public static async Task<byte[]> ReadBoundedAsync(HttpResponseMessage response, long limit, string what, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await CopyBoundedAsync(response, buffer, limit, what, cancellationToken);
        return buffer.ToArray();
    }

    /// <summary>All of an answer into a stream.</summary>
    public static async Task CopyBoundedAsync(HttpResponseMessage response, Stream target, long limit, string what, CancellationToken cancellationToken)
    {
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var part = new byte[1 << 16];
        var total = 0L;
        while (await content.ReadAsync(part, cancellationToken) is var read and > 0)
        {
            total += read;
            if (total > limit)
                throw new UserErrorException($"{what} answered with more than {limit >> 10} kB.", "Check its address.");
            await target.WriteAsync(part.AsMemory(0, read), cancellationToken);
        }
    }

    async Task<T> TryAsync<T>(Func<HttpRequestMessage> make, Func<HttpResponseMessage, Task<T>> read, string what, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var pause = FirstPause * (1 << (attempt - 1));
            try
            {
                var response = await FollowAsync(make, cancellationToken);
                var isPassing = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
                if (!isPassing || attempt == Attempts)
                    return await read(response);
                var asked = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero);
                pause = asked > LongestPause ? LongestPause : asked > pause ? asked : pause;
                response.Dispose();
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException)
            {
                if (attempt == Attempts)
                    throw new UserErrorException($"{what} cannot be reached: {e.Message}", "Check the address and the network, and run this again; what is there already is left out.", e);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                if (attempt == Attempts)
                    throw new UserErrorException($"{what} did not answer in time.", "Run this again; what is there already is left out.", e);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    async Task<HttpResponseMessage> FollowAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        Uri? target = null;
        for (var i = 0; ; i++)
        {
            using var request = make();
            if (target is not null)
                Redirect(request, target);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var isReading = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
            if (!isReading || i == MostRedirections || TargetOf(response) is not { } next || !IsSafe(next))
                return response;
            target = next;
            response.Dispose();
        }
    }

    static void Redirect(HttpRequestMessage request, Uri target)
    {
        var isElsewhere = request.RequestUri!.Scheme != target.Scheme || request.RequestUri.Authority != target.Authority;
        request.RequestUri = target;
        foreach (var header in isElsewhere ? SecretHeaders : [])
            request.Headers.Remove(header);
    }

    static Uri? TargetOf(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location && response.RequestMessage?.RequestUri is { } asked
        && Uri.TryCreate(asked, location, out var target) ? target : null;
}
