using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.SupplyChain;

/// <summary>
/// The promises of certificate logs that a certificate carries (RFC 6962, sections 3.2 and 3.3): without them nobody would notice a certificate that the authority should not have issued.
/// </summary>
static class CertificateTimestamps
{
    const string Extension = "1.3.6.1.4.1.11129.2.4.2";
    const int LogIdLength = 32;

    /// <summary>Whether one of the promises is that of a trusted log, made while its key counted.</summary>
    public static bool AreTrusted(X509Certificate2 certificate, byte[] issuer, IEnumerable<TrustedRoot.Log> logs)
    {
        if (certificate.Extensions[Extension] is not { } extension)
            return false;
        using var issuing = X509CertificateLoader.LoadCertificate(issuer);
        var issuerKey = SHA256.HashData(issuing.PublicKey.ExportSubjectPublicKeyInfo());
        var signedPart = WithoutTimestamps(certificate.RawData);
        var known = logs.Where(x => x.Key is not null).ToLookup(x => x.Id, StringComparer.Ordinal);
        // OCTET STRING in the OCTET STRING of the extension.
        ReadOnlySpan<byte> rest = AsnDecoder.ReadOctetString(extension.RawData, AsnEncodingRules.DER, out _);
        var list = TakeVector(ref rest);
        while (list.Length > 0)
        {
            var timestamp = TakeVector(ref list);
            const byte Version1 = 0;
            if (Take(ref timestamp, 1)[0] != Version1)
                continue;
            var id = Convert.ToBase64String(Take(ref timestamp, LogIdLength));
            var time = Take(ref timestamp, sizeof(ulong));
            var extensions = TakeVector(ref timestamp);
            // The algorithm is what the log's key says.
            Take(ref timestamp, sizeof(ushort));
            var signature = TakeVector(ref timestamp).ToArray();
            byte[] signed =
            [
                Version1, 0, .. time, 0, 1, .. issuerKey,
                (byte)(signedPart.Length >> 16), (byte)(signedPart.Length >> 8), (byte)signedPart.Length, .. signedPart,
                (byte)(extensions.Length >> 8), (byte)extensions.Length, .. extensions,
            ];
            var made = DateTimeOffset.FromUnixTimeMilliseconds((long)BinaryPrimitives.ReadUInt64BigEndian(time));
            if (known[id].Any(x => x.Period.Contains(made) && x.Key!.Verify(signed, signature)))
                return true;
        }

        return false;
    }

    static ReadOnlySpan<byte> TakeVector(ref ReadOnlySpan<byte> from) => Take(ref from, BinaryPrimitives.ReadUInt16BigEndian(Take(ref from, sizeof(ushort))));

    static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> from, int length)
    {
        var taken = from[..length];
        from = from[length..];
        return taken;
    }

    // What the log has signed is the certificate before it got the logs' promises.
    static byte[] WithoutTimestamps(byte[] certificate)
    {
        var fields = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            while (fields.HasData)
            {
                var tag = new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true);
                if (fields.PeekTag() != tag)
                {
                    writer.WriteEncodedValue(fields.ReadEncodedValue().Span);
                    continue;
                }

                var extensions = fields.ReadSequence(tag).ReadSequence();
                using (writer.PushSequence(tag))
                using (writer.PushSequence())
                {
                    while (extensions.HasData)
                    {
                        var extension = extensions.ReadEncodedValue();
                        if (new AsnReader(extension, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier() != Extension)
                            writer.WriteEncodedValue(extension.Span);
                    }
                }
            }
        }

        return writer.Encode();
    }
}
