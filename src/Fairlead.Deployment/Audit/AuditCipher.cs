using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Encrypts what records say: AES-256-GCM with a fresh 96-bit nonce for each (NIST SP 800-38D, 8.2.2), under a key that HKDF (RFC 5869) makes out of the secret for this application.
/// What the record is called stays readable, and cannot be changed without being noticed.
/// </summary>
public sealed class AuditCipher : IDisposable
{
    const int NonceLength = 12;
    const int TagLength = 16;
    const int KeyLength = 32;
    const int ShortestSecret = 16;

    readonly AesGcm _aes;

    AuditCipher(byte[] key) => _aes = new AesGcm(key, TagLength);

    /// <summary>The cipher of a secret.</summary>
    /// <param name="secret">The secret: random, at least 16 characters (<c>openssl rand -base64 32</c>). A word that people can remember would be guessed.</param>
    /// <param name="application">The application whose log it is.</param>
    /// <exception cref="UserErrorException">The secret is too short.</exception>
    public static AuditCipher Of(string secret, string application)
    {
        if (secret.Length < ShortestSecret)
            throw new UserErrorException($"The key of the audit log has less than {ShortestSecret} characters.", "Make one with 'openssl rand -base64 32', and keep it where it is not lost: without it what the records say cannot be read any more.");
        return new AuditCipher(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), KeyLength, Encoding.UTF8.GetBytes(Checkpoint.OriginOf(application)), "fairlead audit log v1"u8.ToArray()));
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();

    internal string Seal(ReadOnlySpan<byte> text, string name)
    {
        var sealedText = new byte[NonceLength + TagLength + text.Length];
        RandomNumberGenerator.Fill(sealedText.AsSpan(0, NonceLength));
        _aes.Encrypt(
            sealedText.AsSpan(0, NonceLength), text, sealedText.AsSpan(NonceLength + TagLength), sealedText.AsSpan(NonceLength, TagLength), Encoding.UTF8.GetBytes(name));
        return Convert.ToBase64String(sealedText);
    }

    /// <returns>Null when it was not sealed under this key and name.</returns>
    internal byte[]? Open(string sealedText, string name)
    {
        try
        {
            var bytes = Convert.FromBase64String(sealedText).AsSpan();
            if (bytes.Length < NonceLength + TagLength)
                return null;
            var text = new byte[bytes.Length - NonceLength - TagLength];
            _aes.Decrypt(bytes[..NonceLength], bytes[(NonceLength + TagLength)..], bytes.Slice(NonceLength, TagLength), text, Encoding.UTF8.GetBytes(name));
            return text;
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
