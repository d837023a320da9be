namespace Fairlead.Tooling;

/// <summary>Gives a process its input. An end of the input that comes too early must not look to the process like a good one.</summary>
static class ProcessInput
{
    /// <summary>Writes the input, and ends it.</summary>
    /// <param name="target">The process's end of the input; closed at the end.</param>
    /// <param name="write">Writes what is given.</param>
    /// <param name="onFailure">Told what failed while the input is still open. A process that does not want all of its input is no failure: its exit code tells.</param>
    public static void Write(Stream target, Action<Stream> write, Action<Exception> onFailure)
    {
        var guarded = new Guarded(target);
        try
        {
            write(guarded);
        }
        catch (Exception) when (guarded.IsUnwanted)
        {
            // The process reads no more.
        }
#pragma warning disable CA1031 // Whatever failed, the process must not go on with half of its input; the runner throws it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onFailure(exception);
        }

        try
        {
            target.Dispose();
        }
        catch (IOException)
        {
            // The process reads no more.
        }
    }

    /// <summary>Tells failures of the process's end from those of where the input comes from.</summary>
    sealed class Guarded(Stream target) : Stream
    {
        public bool IsUnwanted { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => Guard(target.Flush);

        public override void Write(byte[] buffer, int offset, int count) => Guard(() => target.Write(buffer, offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                target.Write(buffer);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                IsUnwanted = true;
                throw;
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        void Guard(Action act)
        {
            try
            {
                act();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                IsUnwanted = true;
                throw;
            }
        }
    }
}
