using System.Net;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Sends requests that may be repeated, four times at most: after no answer, a broken connection, or a status of 408, 429 or 5xx it waits 1, 2, then 4 s, or as
/// long as the server asks for, up to a minute.
/// </summary>
sealed class RetryingHttp(HttpClient http, TimeProvider time)
{
    const int Attempts = 4;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <param name="make">Makes the request; called anew for each attempt, because a body can be sent only once.</param>
    /// <param name="what">For the message when there is no answer: <c>The feed 'x'</c>.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The answer, whatever its status; to be disposed.</returns>
    /// <exception cref="UserErrorException">There was no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, string what, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var pause = FirstPause * (1 << (attempt - 1));
            using var request = make();
            try
            {
                var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                var isPassing = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
                if (!isPassing || attempt == Attempts)
                    return response;
                var asked = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero);
                pause = asked > LongestPause ? LongestPause : asked > pause ? asked : pause;
                response.Dispose();
            }
            catch (HttpRequestException e)
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

    /// <summary>An address that may be sent secrets: https, or http on this machine.</summary>
    public static bool IsSafe(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);

    /// <summary>The first words of an answer, for a message; not more, because it may be a page.</summary>
    public static async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        const int Most = 300;
        var reason = $"{(int)response.StatusCode} {response.ReasonPhrase}".Trim();
        var buffer = new byte[4 * Most];
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = string.Concat(System.Text.Encoding.UTF8.GetString(buffer, 0, read).Select(x => char.IsControl(x) ? ' ' : x)).Trim();
        return text.Length == 0 || text.StartsWith('<') ? reason : $"{reason}: {(text.Length > Most ? text[..Most] + "…" : text)}";
    }

    /// <summary>All of a JSON answer.</summary>
    public static async Task<byte[]> ReadBoundedAsync(HttpResponseMessage response, long limit, string what, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var part = new byte[1 << 16];
        while (await content.ReadAsync(part, cancellationToken) is var read and > 0)
        {
            if (buffer.Length + read > limit)
                throw new UserErrorException($"{what} answered with more than {limit >> 10} kB.", "Check its address.");
            buffer.Write(part, 0, read);
        }

        return buffer.ToArray();
    }
}
