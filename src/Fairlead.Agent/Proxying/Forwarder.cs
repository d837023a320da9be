using System.Net.Sockets;
using System.Runtime.CompilerServices;

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
    const int MostInterim = 16;

    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    long _lastLogged;

    /// <summary>Requests for which no revision was there.</summary>
    public RequestMetrics Unrouted { get; } = new();

    /// <summary>Answers the request whose head the client's connection holds.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask HandleAsync(ClientConnection client)
    {
        var begun = time.GetTimestamp();
        var given = begun;
        string? newCookie = null;
        var position = router.Affinity is { } affinity ? ClientPosition.Of(client, affinity, out newCookie) : null;
        List<Upstream>? tried = null;
        RoutedRevision? last = null;
        while (true)
        {
            using var lease = router.Acquire(tried ?? (IReadOnlyCollection<Upstream>)[], position);
            if (lease is null)
            {
                var refusal = await (last is null
                    ? RefuseAsync(client, StatusCodes.Status503ServiceUnavailable, $"No revision of {service} takes requests now.\n")
                    : RefuseAsync(client, StatusCodes.Status502BadGateway, $"No replica of {service} could be reached.\n"));
                (last?.Metrics ?? Unrouted).Answered(refusal, time.GetElapsedTime(begun));
                return;
            }

            int? code;
            try
            {
                code = await ForwardAsync(client, lease, mayRepeat: (tried?.Count ?? 0) + 1 < attempts, newCookie, given);
            }
            catch (Exception e)
            {
                code = await FailAsync(client, lease.Revision, e);
            }

            var now = time.GetTimestamp();
            // A tunnel was counted when it began: how long people talk through it says nothing of the revision.
            if (code != StatusCodes.Status101SwitchingProtocols)
                lease.Revision.Metrics.Tally.Add(failed: code is null or >= 500, time.GetElapsedTime(given, now));
            if (code is not null)
            {
                lease.Revision.Metrics.Answered(code.Value, time.GetElapsedTime(begun, now));
                return;
            }

            given = now;
            (tried ??= []).Add(lease.Target);
            last = lease.Revision;
        }
    }

    /// <summary>One attempt.</summary>
    /// <returns>The status code that the client got, or null when the request may go to another replica.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<int?> ForwardAsync(ClientConnection client, IRouteLease lease, bool mayRepeat, string? newCookie, long given)
    {
        UpstreamConnection? connection = null;
        var kind = KindFor(client.Head);
        try
        {
            while (true)
            {
                try
                {
                    connection = await lease.ConnectAsync(kind);
                    await client.SendToAsync(connection);
                    await ReadHeadAsync(client, connection);
                    break;
                }
                catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
                {
                    client.Detach();
                    connection?.Dispose();
                    if (client.IsBodyMalformed)
                        return await RefuseAsync(client, StatusCodes.Status400BadRequest, "The request's body could not be read.\n");
                    if (client.HasLeft)
                        return ClientLeft;
                    var mayBeSentAgain = !client.IsBodyGone && (connection is null || client.Head.IsIdempotent);
                    if (mayBeSentAgain && connection is { WasKept: true, HasAnswered: false })
                    {
                        // It was closed while it was idle, in the very moment in which it was taken: once more, on one that cannot be stale.
                        (connection, kind) = (null, ConnectionKind.New);
                        continue;
                    }

                    lease.Revision.Metrics.UpstreamFailed();
                    if (mayRepeat && mayBeSentAgain)
                        return null;
                    return await RefuseAsync(client, StatusCodes.Status502BadGateway, $"{lease.Revision.Name} did not answer.\n");
                }
            }

            return await AnswerAsync(client, lease, connection, newCookie, given);
        }
        finally
        {
            var isWhole = client.Detach();
            if (connection is not null)
                lease.Target.Release(connection, isWhole && !client.Head.IsOld);
        }
    }

    // What may not be repeated goes only where it is known not to meet a connection that is just being closed.
    static ConnectionKind KindFor(RequestHead head) => head switch
    {
        { IsOld: true } => ConnectionKind.New,
        { IsIdempotent: true, HasBody: false } => ConnectionKind.Kept,
        _ => ConnectionKind.Proven,
    };

    static async ValueTask ReadHeadAsync(ClientConnection client, UpstreamConnection connection)
    {
        for (var interim = 0; interim < MostInterim; interim++)
        {
            await connection.ReadHeadAsync(client.Head.IsHead);
            if (connection.Code is >= 200 or StatusCodes.Status101SwitchingProtocols)
                return;
            await client.SendInterimAsync(connection);
        }

        throw new IOException("It sent interim answers without end.");
    }

    async ValueTask<int?> AnswerAsync(ClientConnection client, IRouteLease lease, UpstreamConnection connection, string? newCookie, long given)
    {
        var isTunnel = connection.Code == StatusCodes.Status101SwitchingProtocols;
        if (isTunnel && !client.Head.IsUpgrade)
            throw new InvalidDataException("It switched protocols without having been asked to.");
        try
        {
            if (isTunnel)
                lease.Revision.Metrics.Tally.Add(failed: false, time.GetElapsedTime(given));
            await client.SendAnswerAsync(connection, newCookie);
            if (isTunnel)
                await client.TunnelAsync(connection);
            return connection.Code;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            if (isTunnel)
                return connection.Code;
            if (client.HasLeft)
                return ClientLeft;
            // The status has gone out, or may have: only a broken connection tells the client that this is not all.
            lease.Revision.Metrics.UpstreamFailed();
            client.Abort();
            return StatusCodes.Status502BadGateway;
        }
    }

    /// <summary>Whatever the replica answered that cannot be passed on: the client hears of it, and so do those who run the service.</summary>
    async ValueTask<int> FailAsync(ClientConnection client, RoutedRevision revision, Exception exception)
    {
        if (client.HasLeft)
            return ClientLeft;
        revision.Metrics.UpstreamFailed();
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _lastLogged);
        if ((last == 0 || time.GetElapsedTime(last, now) >= LogInterval) && Interlocked.CompareExchange(ref _lastLogged, now, last) == last)
            log($"A request to {revision.Name} failed in the proxy: {exception.GetType().Name}: {exception.Message}");
        if (client.HasAnswered)
        {
            client.Abort();
            return StatusCodes.Status502BadGateway;
        }

        return await RefuseAsync(client, StatusCodes.Status502BadGateway, $"The answer of {revision.Name} cannot be passed on.\n");
    }

    static async ValueTask<int> RefuseAsync(ClientConnection client, int code, string message)
    {
        try
        {
            await client.RefuseAsync(code, message);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It does not wait for an answer any more.
        }

        return code;
    }
}
