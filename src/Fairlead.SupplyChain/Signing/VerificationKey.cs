using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>A public key that signatures are checked with: ECDSA on P-256 with SHA-256, what cosign makes too.</summary>
public sealed class VerificationKey
{
    const string P256 = "1.2.840.10045.3.1.7";
    const int RawSignatureLength = 64;

    readonly byte[] _subjectPublicKeyInfo;

    VerificationKey(string name, byte[] subjectPublicKeyInfo)
    {
        Name = name;
        _subjectPublicKeyInfo = subjectPublicKeyInfo;
        Hint = Convert.ToBase64String(SHA256.HashData(subjectPublicKeyInfo));
    }

    /// <summary>What people call it: the name of its file.</summary>
    public string Name { get; }

    /// <summary>What bundles call it: the SHA-256 of its SubjectPublicKeyInfo, in base64.</summary>
    public string Hint { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="pem">Its <c>PUBLIC KEY</c> (SubjectPublicKeyInfo) in PEM.</param>
    /// <exception cref="UserErrorException">It is no such key.</exception>
    public static VerificationKey Parse(string name, string pem)
    {
        try
        {
            // 'ImportFromPem' takes private keys too; one that lies where public ones belong is a mishap to speak up about.
            var fields = PemEncoding.Find(pem);
            if (pem[fields.Label] != "PUBLIC KEY")
            {
                throw new UserErrorException(
                    $"'{name}' holds '{pem[fields.Label]}', and not a public key.",
                    pem[fields.Label].Contains("PRIVATE", StringComparison.Ordinal) ? "Take it out of the repository and its history, and make a new one: ./build.sh :keys --new" : "A public key is 'BEGIN PUBLIC KEY'.");
            }

            return Of(name, Convert.FromBase64String(pem[fields.Base64Data]));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or CryptographicException)
        {
            throw new UserErrorException($"'{name}' is no public key: {exception.Message}", "A key is made by './build.sh :keys', by 'cosign generate-key-pair', or by openssl (P-256).", exception);
        }
    }

    /// <summary>A key of its encoded form.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="subjectPublicKeyInfo">DER.</param>
    /// <exception cref="CryptographicException">It is no ECDSA key on P-256.</exception>
    internal static VerificationKey Of(string name, byte[] subjectPublicKeyInfo)
    {
        using var key = ECDsa.Create();
        int read;
        try
        {
            key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out read);
        }
        catch (PlatformNotSupportedException exception)
        {
            throw new CryptographicException("It is on a curve that is not known here.", exception);
        }

        if (read != subjectPublicKeyInfo.Length || !IsOnP256(key))
            throw new CryptographicException("It is no ECDSA key on P-256.");
        return new VerificationKey(name, subjectPublicKeyInfo);
    }

    // Other curves have 256 bits too: secp256k1, brainpoolP256r1. One that is written out with its parameters has no name to go by.
    static bool IsOnP256(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true } curve && curve.Oid.Value == P256;

    /// <summary>The key in PEM, ended with a line feed.</summary>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _subjectPublicKeyInfo) + "\n";

    /// <summary>Whether a signature is this key's over these bytes: in DER, or as r and s side by side, which DSSE's published example has.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        VerifyHash(SHA256.HashData(data), signature);

    /// <summary>Whether a signature is this key's over the bytes that have this SHA-256.</summary>
    public bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
        try
        {
            return key.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence)
                || (signature.Length == RawSignatureLength && key.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
        catch (CryptographicException)
        {
            // Not even the form of a signature.
            return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} (SHA256:{Hint})";
}
