using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Fairlead.Deployment;

/// <summary>
/// Asks a server that speaks Prometheus' HTTP API (<c>/api/v1/query</c>, an instant query). The query must give a scalar, or a vector of
/// exactly one series.
/// </summary>
public sealed class PrometheusSource : IMetricSource, IDisposable
{
    const int LongestText = 300;
    const int LargestAnswer = 4 * 1024 * 1024;

    readonly HttpClient _client;
    readonly TimeProvider _time;
    readonly TimeSpan _timeout;

    /// <param name="handler">Sends the requests and stays the caller's; by default one that uses the environment's proxy for all but this machine.</param>
    /// <param name="timeout">How long one query may take; by default 10 seconds.</param>
    /// <param name="time">The clock of that limit.</param>
    public PrometheusSource(HttpMessageHandler? handler = null, TimeSpan? timeout = null, TimeProvider? time = null)
    {
        _client = new HttpClient(handler ?? new SocketsHttpHandler { Proxy = new ProxyPastLoopback(HttpClient.DefaultProxy), AllowAutoRedirect = false }, disposeHandler: handler is null)
        {
            // The limit below is the one that counts, because a test can move its clock.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _timeout = timeout ?? TimeSpan.FromSeconds(10);
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public async Task<Measurement> MeasureAsync(Metric metric, MetricSubject subject, CancellationToken cancellationToken)
    {
        if (metric is not Metric.Prometheus { Server: var server, Query: var query })
            throw new ArgumentException($"{metric.Name} is no query.", nameof(metric));
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var name = $"{server.Scheme}://{server.Host}:{server.Port}";
        try
        {
            using var response = await _client.GetAsync(Address(server, Fill(query, subject)), either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return Read(body, response.StatusCode, name);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Measurement.Unavailable($"{name} did not answer within {Durations.Format(_timeout)}");
        }
        catch (HttpRequestException exception)
        {
            return new Measurement.Unavailable($"{name} cannot be asked: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>
    /// The query with the revision in place. Letters, digits and <c>_ . : - +</c> stay; everything else becomes an escape like <c>\u0022</c>.
    /// Within a quoted string that is the same character, anywhere else it cannot mean anything, so that no name ends a string or begins an
    /// expression (Prometheus documentation, "Querying basics", string literals).
    /// </summary>
    internal static string Fill(string query, MetricSubject subject)
    {
        // One pass, so that a name that looks like a placeholder is not replaced again.
        var text = new StringBuilder(query.Length);
        for (var i = 0; i < query.Length;)
        {
            var (placeholder, value) = Match(query.AsSpan(i), subject);
            if (placeholder is null)
            {
                text.Append(query[i++]);
                continue;
            }

            text.Append(Escape(value));
            i += placeholder.Length;
        }

        return text.ToString();
    }

    static (string? Placeholder, string Value) Match(ReadOnlySpan<char> text, MetricSubject subject)
    {
        foreach (var (placeholder, value) in new[]
            {
                ("{{revision}}", subject.Revision), ("{{service}}", subject.Service), ("{{environment}}", subject.Environment), ("{{version}}", subject.Version),
            })
        {
            if (text.StartsWith(placeholder))
                return (placeholder, value);
        }

        return (null, "");
    }

    static string Escape(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || "_.:-+".Contains((char)rune.Value, StringComparison.Ordinal)))
                text.Append((char)rune.Value);
            else
                text.Append(rune.Value > char.MaxValue ? "\\U" : "\\u").Append(rune.Value.ToString(rune.Value > char.MaxValue ? "x8" : "x4", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    static Uri Address(Uri server, string query) => new UriBuilder(server)
    {
        UserName = "",
        Password = "",
        Path = server.AbsolutePath.TrimEnd('/') + "/api/v1/query",
        Query = "query=" + Uri.EscapeDataString(query),
        Fragment = "",
    }.Uri;

    static Measurement Read(byte[] body, HttpStatusCode status, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (Text(root, "status") == "error")
                return new Measurement.Unavailable(Short($"{name} refuses the query: {Text(root, "error")}"));
            if (Text(root, "status") == "success" && Property(root, "data") is { } data && Property(data, "result") is { ValueKind: JsonValueKind.Array } result)
                return ReadResult(Text(data, "resultType"), result);
        }
        catch (JsonException)
        {
            // Not from Prometheus: said below.
        }

        return new Measurement.Unavailable((int)status is >= 200 and < 300
            ? $"{name} does not answer like Prometheus"
            : $"{name} answers {(int)status} {status}");
    }

    static Measurement ReadResult(string? type, JsonElement result)
    {
        switch (type, result.GetArrayLength())
        {
            case ("scalar", 2):
                return Number(result);
            case ("vector", 0):
                return new Measurement.NoData("the query returned nothing");
            case ("vector", 1) when Property(result[0], "value") is { ValueKind: JsonValueKind.Array } value && value.GetArrayLength() == 2:
                return Number(value);
            case ("vector", > 1 and var count):
                return new Measurement.Unavailable($"the query returned {count} series: make one of them, for instance with sum(…)");
            default:
                return new Measurement.Unavailable($"the query returned a {type ?? "nothing known"}, not a number: make it one value at one time, for instance with avg_over_time(…)");
        }
    }

    static Measurement Number(JsonElement pair)
    {
        var text = pair[1].ValueKind == JsonValueKind.String ? pair[1].GetString()! : pair[1].GetRawText();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new Measurement.Value(number)
            : new Measurement.NotANumber(Short(text));
    }

    static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    static string? Text(JsonElement element, string name) => Property(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    static string Short(string text) => text.Length > LongestText ? text[..LongestText] + "…" : text;
}
