using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Agent;

/// <summary>Answers the requests of one service by passing them on to a replica. Bodies are streamed in both directions.</summary>
/// <param name="service">For messages to clients.</param>
/// <param name="router">Chooses the replica.</param>
/// <param name="time">The clock for durations.</param>
/// <param name="log">Told of failures of the proxy itself, at most once in ten seconds.</param>
/// <param name="attempts">How many replicas are tried when requests may be repeated.</param>
sealed class Forwarder(string service, IRouter router, TimeProvider time, Action<string> log, int attempts = 4)
{
    const int ClientLeft = 499;
    const int SmallRead = 4096;
    const int LargeRead = 64 * 1024;

    static readonly UriCreationOptions AsItCame = new() { DangerousDisablePathAndQueryCanonicalization = true };

    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    long _lastLogged;

    /// <summary>Requests for which no revision was there.</summary>
    public RequestMetrics Unrouted { get; } = new();

    public async Task HandleAsync(HttpContext context)
    {
        var begun = time.GetTimestamp();
        List<Upstream>? tried = null;
        RoutedRevision? last = null;
        while (true)
        {
            using var lease = router.Acquire(tried ?? (IReadOnlyCollection<Upstream>)[]);
            if (lease is null)
            {
                var refusal = await (last is null
                    ? RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"No revision of {service} takes requests now.\n")
                    : RefuseAsync(context, StatusCodes.Status502BadGateway, $"No replica of {service} could be reached.\n"));
                (last?.Metrics ?? Unrouted).Answered(refusal, time.GetElapsedTime(begun));
                return;
            }

            int? code;
            try
            {
                code = await ForwardAsync(context, lease, mayRepeat: (tried?.Count ?? 0) + 1 < attempts);
            }
            catch (Exception e)
            {
                code = await FailAsync(context, lease.Revision, e);
            }

            if (code is not null)
            {
                lease.Revision.Metrics.Answered(code.Value, time.GetElapsedTime(begun));
                return;
            }

            (tried ??= []).Add(lease.Target);
            last = lease.Revision;
        }
    }

    /// <summary>One attempt.</summary>
    /// <returns>The status code that the client got, or null when the request may go to another replica.</returns>
    static async Task<int?> ForwardAsync(HttpContext context, IRouteLease lease, bool mayRepeat)
    {
        if (TargetOf(context) is not { } path)
            return await RefuseAsync(context, StatusCodes.Status400BadRequest, "This request target cannot be passed on.\n");

        var upgrade = UpgradeOf(context);
        var idempotent = HttpRules.IsIdempotent(context.Request.Method);
        var body = RequestBody.HasBody(context) || (!idempotent && upgrade is null) ? new RequestBody(context) : null;
        using var request = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), new Uri(lease.Target.Authority + path, AsItCame))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        HttpRules.CopyRequest(context, request);
        if (upgrade is not null)
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", context.Request.Headers.Upgrade.ToString());
        }

        try
        {
            HttpResponseMessage response;
            try
            {
                response = await lease.SendAsync(request, context.RequestAborted);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                if (context.RequestAborted.IsCancellationRequested)
                    return ClientLeft;
                if (body?.ClientError is not null)
                    return await RefuseAsync(context, (body.ClientError as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, "The request's body could not be read.\n");

                lease.Revision.Metrics.UpstreamFailed();
                var notSent = e is ObjectDisposedException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
                if (mayRepeat && body is not { Started: true } && (notSent || idempotent))
                    return null;
                return await RefuseAsync(context, StatusCodes.Status502BadGateway, $"{lease.Revision.Name} did not answer.\n");
            }

            using (response)
                return await AnswerAsync(context, lease, response, upgrade);
        }
        finally
        {
            if (body is not null)
                await body.StopAsync();
        }
    }

    /// <summary>Whatever the replica answered that cannot be passed on: the client hears of it, and so do those who run the service.</summary>
    async Task<int> FailAsync(HttpContext context, RoutedRevision revision, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested)
            return ClientLeft;
        revision.Metrics.UpstreamFailed();
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _lastLogged);
        if ((last == 0 || time.GetElapsedTime(last, now) >= LogInterval) && Interlocked.CompareExchange(ref _lastLogged, now, last) == last)
            log($"A request to {revision.Name} failed in the proxy: {exception.GetType().Name}: {exception.Message}");
        if (context.Response.HasStarted)
        {
            context.Abort();
            return StatusCodes.Status502BadGateway;
        }

        context.Response.Clear();
        return await RefuseAsync(context, StatusCodes.Status502BadGateway, $"The answer of {revision.Name} cannot be passed on.\n");
    }

    static async Task<int> AnswerAsync(HttpContext context, IRouteLease lease, HttpResponseMessage response, IHttpUpgradeFeature? upgrade)
    {
        var code = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols && upgrade is null)
            throw new InvalidDataException("It switched protocols without having been asked to.");
        context.Response.StatusCode = code;
        context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = response.ReasonPhrase;
        HttpRules.CopyResponse(response, context.Response);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols && upgrade is not null)
        {
            await TunnelAsync(context, response, upgrade);
            return code;
        }

        if (HttpMethods.IsHead(context.Request.Method) || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified or HttpStatusCode.ResetContent)
            return code;

        try
        {
            await using var source = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            var target = context.Response.BodyWriter;
            var size = SmallRead;
            while (true)
            {
                var memory = target.GetMemory(size);
                var read = await source.ReadAsync(memory, context.RequestAborted);
                if (read == 0)
                    return code;
                target.Advance(read);
                await target.FlushAsync(context.RequestAborted);
                size = read == memory.Length ? LargeRead : SmallRead;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            if (context.RequestAborted.IsCancellationRequested)
                return ClientLeft;
            // The status has gone out: only a broken connection tells the client that this is not all.
            lease.Revision.Metrics.UpstreamFailed();
            context.Abort();
            return StatusCodes.Status502BadGateway;
        }
    }

    /// <summary>After 101, bytes flow both ways until one side ends.</summary>
    static async Task TunnelAsync(HttpContext context, HttpResponseMessage response, IHttpUpgradeFeature upgrade)
    {
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = response.Headers.Upgrade.ToString();
        await using var server = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        await using var client = await upgrade.UpgradeAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var up = PumpAsync(client, server, end.Token);
        var down = PumpAsync(server, client, end.Token);
        await Task.WhenAny(up, down);
        await end.CancelAsync();
        await Task.WhenAll(up, down);
    }

    static async Task PumpAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[SmallRead];
            int read;
            while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                await target.FlushAsync(cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // One side has gone: that is how tunnels end.
        }
    }

    static async Task<int> RefuseAsync(HttpContext context, int code, string message)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.WriteAsync(message, CancellationToken.None);
        return code;
    }

    /// <summary>Only for WebSocket: what else could be switched to (h2c) would lead around the rules of this proxy.</summary>
    static IHttpUpgradeFeature? UpgradeOf(HttpContext context) =>
        context.Request.Headers.Upgrade is [var protocol] && string.Equals(protocol, "websocket", StringComparison.OrdinalIgnoreCase)
        && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } feature ? feature : null;

    /// <summary>Path and query as they came; null for what has none (CONNECT, and <c>OPTIONS *</c>).</summary>
    static string? TargetOf(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (raw.StartsWith('/'))
            return raw;
        if (!raw.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            return null;
        var slash = raw.IndexOf('/', "http://".Length);
        return slash < 0 ? "/" : raw[slash..];
    }
}
