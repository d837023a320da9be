using System.Threading.Channels;

namespace Fairlead.Tooling;

/// <summary>
/// Hands lines on, one at a time and in the order in which they were added. Adding never waits for the one who takes them: whoever reads a
/// pipe must not be held up, or the process at its other end is.
/// </summary>
sealed class LineDelivery
{
    readonly Channel<OutputLine> _lines = Channel.CreateUnbounded<OutputLine>(new UnboundedChannelOptions { SingleReader = true });

    public LineDelivery(Action<OutputLine>? onLine) => Completed = DeliverAsync(onLine);

    /// <summary>Completes when the last line has been taken; fails as a taker did.</summary>
    public Task Completed { get; }

    public void Add(OutputKind kind, string text) => _lines.Writer.TryWrite(new OutputLine(kind, text));

    public void Complete(Exception? error = null) => _lines.Writer.TryComplete(error);

    async Task DeliverAsync(Action<OutputLine>? onLine)
    {
        await Task.Yield();
        await foreach (var line in _lines.Reader.ReadAllAsync())
            onLine?.Invoke(line);
    }
}
