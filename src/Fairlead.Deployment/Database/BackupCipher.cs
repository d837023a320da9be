using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Copies under a passphrase. The file is a header, then chunks of AES-256-GCM (NIST SP 800-38D), each with its number and, for the last one, a mark in its
/// nonce, and the header as associated data: so a chunk that was changed, moved, left out or added is found, and so is a changed header. The key
/// is made of passphrase and salt by PBKDF2 (RFC 8018) with SHA-256; it is used for one file, so that numbers are enough for nonces.
/// </summary>
static class BackupCipher
{
    internal const int ChunkSize = 1024 * 1024;
    internal const int TagSize = 16;
    internal const int HeaderSize = MagicSize + SaltSize + sizeof(int) + CheckSize;

    const int MagicSize = 8;
    const int SaltSize = 16;
    const int CheckSize = 16;
    const int KeySize = 32;
    const int Iterations = 600_000;
    const int MostIterations = 10_000_000;

    static ReadOnlySpan<byte> Magic => "FLCOPY\0\u0001"u8;

    /// <summary>Takes plain bytes, and writes them encrypted.</summary>
    public sealed class Writer : IDisposable
    {
        readonly Stream _target;
        readonly byte[] _header;
        readonly byte[] _chunk;
        readonly byte[] _sealed;
        readonly AesGcm _cipher;
        int _length;
        long _number;

        public Writer(Stream target, string passphrase)
            : this(target, passphrase, Iterations, ChunkSize)
        {
        }

        internal Writer(Stream target, string passphrase, int iterations, int chunkSize)
        {
            _target = target;
            _chunk = new byte[chunkSize];
            _sealed = new byte[chunkSize + TagSize];
            _header = new byte[HeaderSize];
            Magic.CopyTo(_header);
            RandomNumberGenerator.Fill(_header.AsSpan(MagicSize, SaltSize));
            BinaryPrimitives.WriteInt32BigEndian(_header.AsSpan(MagicSize + SaltSize), iterations);
            var (key, check) = Derive(passphrase, _header);
            check.CopyTo(_header.AsSpan(HeaderSize - CheckSize));
            _cipher = new AesGcm(key, TagSize);
            CryptographicOperations.ZeroMemory(key);
            _target.Write(_header);
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                // A full chunk is kept until more comes: only then it is not the last one.
                if (_length == _chunk.Length)
                    Seal(isLast: false);
                var part = Math.Min(bytes.Length, _chunk.Length - _length);
                bytes[..part].CopyTo(_chunk.AsSpan(_length));
                _length += part;
                bytes = bytes[part..];
            }
        }

        /// <summary>Writes the last chunk. What has none is not whole.</summary>
        public void Complete() => Seal(isLast: true);

        public void Dispose()
        {
            CryptographicOperations.ZeroMemory(_chunk);
            _cipher.Dispose();
        }

        void Seal(bool isLast)
        {
            _cipher.Encrypt(Nonce(_number++, isLast), _chunk.AsSpan(0, _length), _sealed.AsSpan(0, _length), _sealed.AsSpan(_length, TagSize), _header);
            _target.Write(_sealed, 0, _length + TagSize);
            _length = 0;
        }
    }

    /// <summary>Reads a file and hands on what is in it, each chunk when it is known to be right.</summary>
    /// <exception cref="UserErrorException">The passphrase is another one, or the file was changed or cut.</exception>
    public static void Read(Stream source, string passphrase, string file, OutputBytes onBytes) => Read(source, passphrase, file, onBytes, ChunkSize);

    internal static void Read(Stream source, string passphrase, string file, OutputBytes onBytes, int chunkSize)
    {
        const string Remedy = "Take another copy, and find out who changed this one.";
        var header = new byte[HeaderSize];
        if (source.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
            throw new UserErrorException($"The copy '{file}' ends within its header.", Remedy);
        if (!header.AsSpan(0, MagicSize).SequenceEqual(Magic))
            throw new UserErrorException($"'{file}' does not begin like an encrypted copy.", Remedy);
        if (BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(MagicSize + SaltSize)) is < 1 or > MostIterations)
            throw new UserErrorException($"The header of the copy '{file}' was changed.", Remedy);
        var (key, check) = Derive(passphrase, header);
        if (!CryptographicOperations.FixedTimeEquals(check, header.AsSpan(HeaderSize - CheckSize)))
            throw new UserErrorException($"The copy '{file}' was made with another passphrase, or its header was changed.", "Give the passphrase of the time when it was made, under 'database: key:'.");
        using var cipher = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);

        var chunk = new byte[chunkSize + TagSize];
        var next = new byte[chunkSize + TagSize];
        var plain = new byte[chunkSize];
        var length = source.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
        for (var number = 0L; ; number++)
        {
            var following = length < chunk.Length ? 0 : source.ReadAtLeast(next, next.Length, throwOnEndOfStream: false);
            var isLast = following == 0;
            if (length < TagSize)
                throw new UserErrorException($"The copy '{file}' is cut off after {number} chunks.", Remedy);
            if (!Open(number, isLast))
            {
                throw new UserErrorException(
                    Open(number, !isLast)
                        ? isLast ? $"The copy '{file}' is cut off after {number + 1} chunks." : $"The copy '{file}' goes on after its end, which is chunk {number + 1}."
                        : $"The copy '{file}' was changed{(isLast && length < chunk.Length ? " or cut off" : "")} in chunk {number + 1}.",
                    Remedy);
            }

            onBytes(plain.AsSpan(0, length - TagSize));
            if (isLast)
                return;
            (chunk, next, length) = (next, chunk, following);
        }

        bool Open(long number, bool isLast)
        {
            try
            {
                cipher.Decrypt(Nonce(number, isLast), chunk.AsSpan(0, length - TagSize), chunk.AsSpan(length - TagSize, TagSize), plain.AsSpan(0, length - TagSize), header);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }
    }

    static byte[] Nonce(long number, bool isLast)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(3), number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }

    /// <summary>The key, and what the header shows of it, so that a wrong passphrase is known as such.</summary>
    static (byte[] Key, byte[] Check) Derive(string passphrase, byte[] header)
    {
        var made = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(passphrase), header.AsSpan(MagicSize, SaltSize), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(MagicSize + SaltSize)), HashAlgorithmName.SHA256, KeySize);
        return (HKDF.Expand(HashAlgorithmName.SHA256, made, KeySize, "fairlead copy: key"u8.ToArray()), HKDF.Expand(HashAlgorithmName.SHA256, made, CheckSize, "fairlead copy: check"u8.ToArray()));
    }
}
