using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Fairlead.SupplyChain.Tests;

/// <summary>A Sigstore instance: an authority, a certificate log and a transparency log with keys of their own, and signers without any.</summary>
sealed class FakeSigstore : IDisposable
{
    public const string Issuer = "https://issuer.invalid";
    public const string Workflow = "https://forge.invalid/shop/.github/workflows/release.yml@refs/heads/main";

    public static readonly DateTimeOffset Signing = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    readonly SigningKey _certificateLog = SigningKey.Create("certificates");
    readonly SigningKey _transparencyLog = SigningKey.Create("log");
    readonly X509Certificate2 _authority;

    public FakeSigstore()
    {
        var request = new CertificateRequest("CN=authority", _authorityKey, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _authority = request.CreateSelfSigned(Signing.AddYears(-1), Signing.AddYears(1));
    }

    public TrustedRoot Root => TrustedRoot.Parse(Encoding.UTF8.GetBytes(
        $$$"""
        {"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1",
         "tlogs":[{"baseUrl":"log","publicKey":{"rawBytes":"{{{Spki(_transparencyLog)}}}","validFor":{"start":"2025-01-01T00:00:00Z"}},"logId":{"keyId":"{{{_transparencyLog.PublicKey.Hint}}}"}}],
         "ctlogs":[{"baseUrl":"certificates","publicKey":{"rawBytes":"{{{Spki(_certificateLog)}}}","validFor":{"start":"2025-01-01T00:00:00Z","end":"2027-01-01T00:00:00Z"}},"logId":{"keyId":"{{{_certificateLog.PublicKey.Hint}}}"}}],
         "certificateAuthorities":[{"uri":"authority","certChain":{"certificates":[{"rawBytes":"{{{Convert.ToBase64String(_authority.RawData)}}}"}]},"validFor":{"start":"2025-01-01T00:00:00Z"}}]}
        """));

    public TrustedSigners Trusting(string subject) => new() { Keyless = new KeylessSigners(Root, [new KeylessIdentity(Issuer, subject)]) };

    /// <summary>The bundle of a file, in JSON.</summary>
    /// <param name="content">The file.</param>
    /// <param name="loggedAt">When the log took it.</param>
    /// <param name="isPromised">Whether the certificate log has promised the certificate.</param>
    public byte[] Sign(byte[] content, DateTimeOffset? loggedAt = null, bool isPromised = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = Certificate(key, isPromised ? Promise(Certificate(key, null)) : null);
        var digest = SHA256.HashData(content);
        var signature = key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
        var pem = PemEncoding.WriteString("CERTIFICATE", certificate);
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            apiVersion = "0.0.1",
            kind = "hashedrekord",
            spec = new
            {
                data = new { hash = new { algorithm = "sha256", value = Convert.ToHexStringLower(digest) } },
                signature = new { content = signature, publicKey = new { content = Encoding.UTF8.GetBytes(pem) } },
            },
        });
        var time = (loggedAt ?? Signing).ToUnixTimeSeconds();
        var promise = _transparencyLog.Sign(Encoding.UTF8.GetBytes(
            $$"""{"body":"{{Convert.ToBase64String(body)}}","integratedTime":{{time}},"logID":"{{Convert.ToHexStringLower(Convert.FromBase64String(_transparencyLog.PublicKey.Hint))}}","logIndex":7}"""));
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            mediaType = SigstoreBundle.MediaType,
            verificationMaterial = new
            {
                certificate = new { rawBytes = certificate },
                tlogEntries = new[]
                {
                    new
                    {
                        logIndex = "7",
                        logId = new { keyId = _transparencyLog.PublicKey.Hint },
                        integratedTime = $"{time}",
                        inclusionPromise = new { signedEntryTimestamp = promise },
                        canonicalizedBody = body,
                    },
                },
            },
            messageSignature = new { messageDigest = new { algorithm = "SHA2_256", digest }, signature },
        });
    }

    public void Dispose()
    {
        _authorityKey.Dispose();
        _certificateLog.Dispose();
        _transparencyLog.Dispose();
        _authority.Dispose();
    }

    // The same certificate but for the promise: serial number and times are fixed.
    byte[] Certificate(ECDsa key, byte[]? promises)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), new PublicKey(key), HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(Workflow));
        request.CertificateExtensions.Add(names.Build(critical: true));
        var issuer = new AsnWriter(AsnEncodingRules.DER);
        issuer.WriteCharacterString(UniversalTagNumber.UTF8String, Issuer);
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.57264.1.8", issuer.Encode(), critical: false));
        if (promises is not null)
        {
            var octets = new AsnWriter(AsnEncodingRules.DER);
            octets.WriteOctetString(promises);
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.11129.2.4.2", octets.Encode(), critical: false));
        }

        using var certificate = request.Create(_authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_authorityKey), Signing.AddMinutes(-1), Signing.AddMinutes(9), [1, 2, 3]);
        return certificate.RawData;
    }

    // RFC 6962, section 3.2.
    byte[] Promise(byte[] precertificate)
    {
        var signedPart = new AsnReader(precertificate, AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().ToArray();
        var time = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(time, (ulong)Signing.ToUnixTimeMilliseconds());
        byte[] signed =
        [
            0, 0, .. time, 0, 1, .. SHA256.HashData(_authority.PublicKey.ExportSubjectPublicKeyInfo()),
            (byte)(signedPart.Length >> 16), (byte)(signedPart.Length >> 8), (byte)signedPart.Length, .. signedPart, 0, 0,
        ];
        var signature = _certificateLog.Sign(signed);
        byte[] timestamp = [0, .. Convert.FromBase64String(_certificateLog.PublicKey.Hint), .. time, 0, 0, 4, 3, 0, (byte)signature.Length, .. signature];
        return [0, (byte)(timestamp.Length + 2), 0, (byte)timestamp.Length, .. timestamp];
    }

    static string Spki(SigningKey key) => string.Concat(key.PublicKey.ToPem().Split('\n').Where(x => !x.StartsWith('-')));
}
