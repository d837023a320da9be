using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Fairlead.Tooling;

/// <summary>Reads both outputs of a process on one thread, which waits for nothing but them.</summary>
[UnsupportedOSPlatform("windows")]
sealed unsafe class UnixOutput
{
    /// <summary>How long the outputs are still read when the process has ended but something that it started keeps them open.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    // What a pipe holds at most. So much read after the end is more than all that was written before it.
    const int PipeCapacity = 65_536;

    // How soon the end of the process is noticed while somebody else keeps a pipe open; otherwise the pipe's end tells.
    const int NoticeMilliseconds = 100;

    readonly List<Source> _sources;
    readonly LineDelivery _delivery;
    Exception? _sourceError;

    UnixOutput(List<Source> sources, LineDelivery delivery)
    {
        _sources = sources;
        _delivery = delivery;
    }

    /// <summary>Starts to read. The task completes when the outputs have ended and every line has been handed on.</summary>
    public static Task ReadAsync(AnonymousPipeServerStream output, AnonymousPipeServerStream error, Task exited, Action<OutputLine>? onLine, OutputBytes? onOutput)
    {
        var delivery = new LineDelivery(onLine);
        var reader = new UnixOutput([
            new Source(output, OutputKind.Out, delivery, onOutput), new Source(error, OutputKind.Error, delivery, null)], delivery);
        _ = Task.Factory.StartNew(() => reader.Read(exited), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return delivery.Completed;
    }

    void Read(Task exited)
    {
        try
        {
            var polled = stackalloc PollDescriptor[_sources.Count];
            long? ended = null;
            while (_sources.Count > 0)
            {
                // Asked before reading: then what is read up to "empty" contains all that the process wrote.
                if (ended is null && exited.IsCompleted)
                    ended = Environment.TickCount64;
                for (var i = 0; i < _sources.Count; i++)
                    polled[i] = new PollDescriptor { Descriptor = _sources[i].Descriptor, Events = PollIn };
                var over = ended is not null && Environment.TickCount64 - ended > Grace.TotalMilliseconds;
                // When it is over, not waiting: one who writes a little all the time must not make a drained pipe look full. A negative answer is
                // an interruption by a signal: nothing is known.
                if (poll(polled, (nuint)_sources.Count, over ? 0 : NoticeMilliseconds) < 0)
                    continue;

                for (var i = _sources.Count - 1; i >= 0; i--)
                {
                    var source = _sources[i];
                    if (polled[i].Returned == 0 ? over : !source.Read(ended is not null) || (over && source.ReadAfterEnd > PipeCapacity))
                    {
                        source.Close();
                        _sourceError ??= source.Error;
                        _sources.RemoveAt(i);
                    }
                }
            }
        }
        finally
        {
            _delivery.Complete(_sourceError);
        }
    }

    const short PollIn = 1;

    [StructLayout(LayoutKind.Sequential)]
    struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    sealed class Source(AnonymousPipeServerStream stream, OutputKind kind, LineDelivery delivery, OutputBytes? onBytes)
    {
        readonly byte[] _buffer = new byte[onBytes is null ? 16_384 : PipeCapacity];
        readonly LineSplitter _lines = new(x => delivery.Add(kind, x));

        public int Descriptor => (int)stream.SafePipeHandle.DangerousGetHandle();

        public long ReadAfterEnd { get; private set; }

        /// <summary>What the taker of the bytes threw. It gets no more then, but all is read: the process must not wait for ever.</summary>
        public Exception? Error { get; private set; }

        /// <returns>False at the end.</returns>
        public bool Read(bool afterEnd)
        {
            var count = stream.Read(_buffer);
            Take(_buffer.AsSpan(0, count));
            if (afterEnd)
                ReadAfterEnd += count;
            return count > 0;
        }

        public void Close()
        {
            _lines.Complete();
            stream.Dispose();
        }

        void Take(ReadOnlySpan<byte> bytes)
        {
            if (onBytes is null)
            {
                _lines.Add(bytes);
                return;
            }

            try
            {
                if (Error is null && bytes.Length > 0)
                    onBytes(bytes);
            }
            catch (Exception error)
            {
                Error = error;
            }
        }
    }

#pragma warning disable CA5392, SYSLIB1054
    [DllImport("libc", SetLastError = true)]
    static extern int poll(PollDescriptor* descriptors, nuint count, int milliseconds);
#pragma warning restore CA5392, SYSLIB1054
}
