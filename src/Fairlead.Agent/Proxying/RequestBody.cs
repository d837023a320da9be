using System.Net;

namespace Fairlead.Agent;

/// <summary>The client's body, streamed to the replica as it comes.</summary>
sealed class RequestBody(HttpContext context) : HttpContent
{
    readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether any of it may have been taken: then the request cannot be sent again.</summary>
    public bool Started { get; private set; }

    /// <summary>The client's fault, when reading from it failed.</summary>
    public Exception? ClientError { get; private set; }

    /// <summary>Ends the copying, so that nobody reads from the client after the request is over.</summary>
    public async Task StopAsync()
    {
        if (!Started)
            return;
        await _stop.CancelAsync();
        await _ended.Task;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? transport) => SerializeToStreamAsync(stream, transport, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? transport, CancellationToken cancellationToken)
    {
        Started = true;
        try
        {
            using var registration = cancellationToken.UnsafeRegister(static x => ((CancellationTokenSource)x!).Cancel(), _stop);
            var reader = context.Request.BodyReader;
            while (true)
            {
                var result = await ReadAsync(reader);
                foreach (var part in result.Buffer)
                    await stream.WriteAsync(part, _stop.Token);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
                await stream.FlushAsync(_stop.Token);
            }
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    async ValueTask<System.IO.Pipelines.ReadResult> ReadAsync(System.IO.Pipelines.PipeReader reader)
    {
        try
        {
            return await reader.ReadAsync(_stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            ClientError = e;
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        // A non-idempotent request without a body carries an empty one: the client library does not send it twice then.
        var known = context.Request.ContentLength ?? (HasBody(context) ? null : 0L);
        length = known ?? 0;
        return known is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stop.Dispose();
        base.Dispose(disposing);
    }

    public static bool HasBody(HttpContext context) =>
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? context.Request.ContentLength > 0;
}
