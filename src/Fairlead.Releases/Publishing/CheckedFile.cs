using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// A file that is read from its beginning to its end, and whose end fails when its bytes were not those of the release: what was changed between verification and sending does
/// not arrive whole.
/// </summary>
sealed class CheckedFile(AbsolutePath file, string? digest) : Stream
{
    readonly FileStream _content = File.OpenRead(file);
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    /// <summary>Only back to the beginning.</summary>
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _content.Length;

    public override long Position
    {
        get => _content.Position;
        set
        {
            if (value == _content.Position)
                return;
            if (value != 0)
                throw new NotSupportedException();
            _content.Position = 0;
            _hash.GetHashAndReset();
        }
    }

    public override int Read(Span<byte> buffer) => Seen(buffer[.._content.Read(buffer)], buffer.Length);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _content.ReadAsync(buffer, cancellationToken);
        return Seen(buffer.Span[..read], buffer.Length);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => origin == SeekOrigin.Begin ? Position = offset : throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    int Seen(ReadOnlySpan<byte> part, int asked)
    {
        _hash.AppendData(part);
        if (part.IsEmpty && asked > 0 && digest is not null && Sha256.Prefix + Convert.ToHexStringLower(_hash.GetCurrentHash()) is var actual && actual != digest)
            throw new UserErrorException($"'{file}' has the digest {actual} now; the release says {digest}. It is not published.", "Somebody has changed the file after the release was verified: find out who, then Package again.");
        return part.Length;
    }
}
