using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>
/// Who may sign without a key of their own, and who vouches for them. A signature counts when the certificate was issued by the authority while it was valid, to one of the identities, is promised by a certificate log, and
/// a transparency log has taken just this signature while the certificate was valid (Sigstore client specification, section 4).
/// </summary>
/// <param name="Root">The authorities and logs.</param>
/// <param name="Identities">Who may sign.</param>
public sealed record KeylessSigners(TrustedRoot Root, ImmutableArray<KeylessIdentity> Identities)
{
    const string IssuerExtension = "1.3.6.1.4.1.57264.1.8";
    const string FormerIssuerExtension = "1.3.6.1.4.1.57264.1.1";
    const string SubjectAlternativeName = "2.5.29.17";

    internal SignatureResult Verify(SigstoreBundle bundle, Func<VerificationKey, bool> isSignedBy)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(bundle.Certificate!.Value.Span);
            var key = VerificationKey.Of("its certificate", certificate.PublicKey.ExportSubjectPublicKeyInfo());
            if (bundle.LogEntries.Count == 0)
                return SignatureResult.Invalid("no transparency log is named that has taken it, so nobody knows when it was made");
            foreach (var entry in bundle.LogEntries)
            {
                if (ProblemOf(entry, bundle) is { } problem)
                    return SignatureResult.Invalid(problem);
            }

            var time = bundle.LogEntries.Max(x => x.IntegratedTime);
            if (time < new DateTimeOffset(certificate.NotBefore) || time > new DateTimeOffset(certificate.NotAfter))
                return SignatureResult.Invalid(string.Create(CultureInfo.InvariantCulture, $"it was made at {time:u}, when its certificate was not valid"));
            if (Root.Authorities.Select(x => x.IssuerOf(certificate, time)).FirstOrDefault(x => x is not null) is not { } issuer)
                return SignatureResult.Invalid("its certificate was not issued by a trusted authority");
            if (!CertificateTimestamps.AreTrusted(certificate, issuer, Root.CertificateLogs))
                return SignatureResult.Invalid("its certificate is in no trusted certificate log");
            if (!isSignedBy(key))
                return SignatureResult.Invalid("its signature does not fit: what was signed was changed, or the signature was");
            var vouching = IssuerOf(certificate);
            var subjects = SubjectsOf(certificate);
            return subjects.FirstOrDefault(x => Identities.Any(y => y.Covers(vouching, x))) is { } subject
                ? SignatureResult.By($"{subject} (as {vouching} vouches)")
                : SignatureResult.Invalid($"it was signed by {string.Join(", ", subjects)} (as {vouching} vouches), who is not trusted to");
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or ArgumentException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return SignatureResult.Invalid($"its certificate or proof cannot be read ({exception.Message})");
        }
    }

    string? ProblemOf(LogEntry entry, SigstoreBundle bundle)
    {
        if (Root.TransparencyLogs.FirstOrDefault(x => x.Id == entry.LogId && x.Period.Contains(entry.IntegratedTime)) is not { } log)
            return "the transparency log that it names is not trusted";
        if (log.Key is not { } key || entry.Promise is not { } promise)
            return "its transparency log gives no signed promise of the kind that is read here (Rekor, version 1)";
        // The promise is over canonical JSON (RFC 8785) of these four members.
        var promised = $$"""{"body":"{{Convert.ToBase64String(entry.Body.Span)}}","integratedTime":{{entry.IntegratedTime.ToUnixTimeSeconds()}},"logID":"{{Convert.ToHexStringLower(Convert.FromBase64String(entry.LogId))}}","logIndex":{{entry.LogIndex}}}""";
        if (!key.Verify(Encoding.UTF8.GetBytes(promised), promise.Span))
            return "the promise of its transparency log is not signed by that log";
        return IsAbout(entry, bundle) ? null : "what the transparency log has taken is another signature";
    }

    static bool IsAbout(LogEntry entry, SigstoreBundle bundle)
    {
        using var document = JsonDocument.Parse(entry.Body);
        var spec = document.RootElement.GetProperty("spec");
        switch (document.RootElement.GetProperty("kind").GetString())
        {
            case "hashedrekord" when bundle is { FileDigest: { } digest, Signature: { } signature }:
                var taken = spec.GetProperty("signature");
                return Convert.FromHexString(spec.GetProperty("data").GetProperty("hash").GetProperty("value").GetString()!).AsSpan().SequenceEqual(digest.Span)
                    && taken.GetProperty("content").GetBytesFromBase64().AsSpan().SequenceEqual(signature.Span)
                    && IsCertificate(taken.GetProperty("publicKey").GetProperty("content"), bundle);
            case "dsse" when bundle.Envelope is { } envelope:
                return Convert.FromHexString(spec.GetProperty("payloadHash").GetProperty("value").GetString()!).AsSpan().SequenceEqual(SHA256.HashData(envelope.Payload.Span))
                    && spec.GetProperty("signatures").EnumerateArray().All(x =>
                        envelope.Signatures.Any(y => x.GetProperty("signature").GetBytesFromBase64().AsSpan().SequenceEqual(y.Span)) && IsCertificate(x.GetProperty("verifier"), bundle));
            default:
                return false;
        }
    }

    static bool IsCertificate(JsonElement pem, SigstoreBundle bundle)
    {
        var text = Encoding.UTF8.GetString(pem.GetBytesFromBase64());
        return Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]).AsSpan().SequenceEqual(bundle.Certificate!.Value.Span);
    }

    static string IssuerOf(X509Certificate2 certificate) =>
        certificate.Extensions[IssuerExtension] is { } issuer ? AsnDecoder.ReadCharacterString(issuer.RawData, AsnEncodingRules.DER, UniversalTagNumber.UTF8String, out _)
        : certificate.Extensions[FormerIssuerExtension] is { } former ? Encoding.UTF8.GetString(former.RawData)
        : "nobody";

    static List<string> SubjectsOf(X509Certificate2 certificate)
    {
        const int Email = 1;
        const int Uri = 6;
        List<string> subjects = [];
        if (certificate.Extensions[SubjectAlternativeName] is not { } names)
            return subjects;
        var reader = new AsnReader(names.RawData, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            if (tag.TagValue is Email or Uri)
                subjects.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, new Asn1Tag(TagClass.ContextSpecific, tag.TagValue)));
            else
                reader.ReadEncodedValue();
        }

        return subjects;
    }
}
