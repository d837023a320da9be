using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>A private key, ECDSA on P-256, kept as PKCS#8 in PEM: what openssl reads, and <c>cosign import-key-pair</c>.</summary>
public sealed class SigningKey : IDisposable
{
    // OWASP's figure for PBKDF2 with HMAC-SHA-256 (Password Storage Cheat Sheet, 2023).
    const int Iterations = 600_000;

    readonly ECDsa _key;

    SigningKey(string name, ECDsa key)
    {
        _key = key;
        PublicKey = VerificationKey.Of(name, key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>What its signatures are checked with.</summary>
    public VerificationKey PublicKey { get; }

    /// <summary>Makes a key.</summary>
    /// <param name="name">What people call it.</param>
    public static SigningKey Create(string name) => new(name, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a key.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="pem"><c>PRIVATE KEY</c>, <c>EC PRIVATE KEY</c> or <c>ENCRYPTED PRIVATE KEY</c>, in PEM.</param>
    /// <param name="password">The password of an encrypted one.</param>
    /// <exception cref="UserErrorException">It is no such key, or the password is missing or wrong. The message holds nothing of the key.</exception>
    public static SigningKey Parse(string name, string pem, string? password)
    {
        var key = ECDsa.Create();
        try
        {
            var isEncrypted = pem.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);
            if (pem.Contains("ENCRYPTED COSIGN", StringComparison.Ordinal) || pem.Contains("ENCRYPTED SIGSTORE", StringComparison.Ordinal))
                throw new UserErrorException($"The signing key '{name}' is in cosign's own format, which only cosign reads.", "Make one with './build.sh :keys'; cosign can use it too: cosign import-key-pair --key FILE");
            if (isEncrypted && string.IsNullOrEmpty(password))
                throw new UserErrorException($"The signing key '{name}' is encrypted, and there is no password for it.", "Set the parameter SigningKeyPassword (from a secret; in the environment FAIRLEAD_SIGNING_KEY_PASSWORD).");
            if (isEncrypted)
                key.ImportFromEncryptedPem(pem, password);
            else
                key.ImportFromPem(pem);
            // A public key is read without complaint, and then cannot sign.
            _ = key.ExportParameters(includePrivateParameters: true);
            return new SigningKey(name, key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new UserErrorException($"The signing key '{name}' cannot be read: it is no private ECDSA key on P-256 in PEM, or its password is wrong.", "Make one with './build.sh :keys'.", exception);
        }
        catch (UserErrorException)
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The key in PEM, ended with a line feed.</summary>
    /// <param name="password">Encrypts it (PBES2 with AES-256, 600,000 rounds); null: it is as it is.</param>
    public string ToPem(string? password) => (password is null
        ? _key.ExportPkcs8PrivateKeyPem()
        : _key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations))) + "\n";

    /// <summary>Signs bytes; the signature is in DER.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => SignHash(SHA256.HashData(data));

    /// <summary>Signs the bytes that have this SHA-256; the signature is in DER.</summary>
    public byte[] SignHash(ReadOnlySpan<byte> hash) => _key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
