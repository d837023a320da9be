using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>
/// A Sigstore bundle, version 0.3: a signature with what is needed to check it offline (protobuf-specs, <c>sigstore_bundle.proto</c>). It signs either a file, by its digest, or a statement in a
/// DSSE envelope.
/// </summary>
public sealed record SigstoreBundle
{
    /// <summary>The media type of what is written here.</summary>
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// <summary>How the files are called: the name of the signed file, and this.</summary>
    public const string Extension = ".sigstore.json";

    const string Sha256Name = "SHA2_256";

    /// <summary>Which key it was; null where a certificate says it.</summary>
    public string? KeyHint { get; init; }

    /// <summary>The certificate of a short-lived key, in DER (keyless signing); otherwise null.</summary>
    public ReadOnlyMemory<byte>? Certificate { get; init; }

    /// <summary>Proof that a public log has the signature; empty for a key of one's own.</summary>
    public IReadOnlyList<LogEntry> LogEntries { get; init; } = [];

    /// <summary>SHA-256 of the signed file; null with an envelope.</summary>
    public ReadOnlyMemory<byte>? FileDigest { get; init; }

    /// <summary>The signature over the file's bytes; null with an envelope.</summary>
    public ReadOnlyMemory<byte>? Signature { get; init; }

    /// <summary>The envelope; null where a file is signed.</summary>
    public DsseEnvelope? Envelope { get; init; }

    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">It is no bundle that this code reads; the message says why.</exception>
    public static SigstoreBundle Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var mediaType = Text(root, "mediaType");
            if (mediaType is not (MediaType or "application/vnd.dev.sigstore.bundle+json;version=0.3" or "application/vnd.dev.sigstore.bundle+json;version=0.2" or "application/vnd.dev.sigstore.bundle+json;version=0.1"))
                throw new JsonException(mediaType is null ? "It has no mediaType, so it is no Sigstore bundle." : $"Its media type '{mediaType}' is not one of a Sigstore bundle up to version 0.3.");
            var material = root.GetProperty("verificationMaterial");
            var bundle = new SigstoreBundle
            {
                KeyHint = material.TryGetProperty("publicKey", out var key) ? Text(key, "hint") ?? "" : null,
                Certificate = ReadCertificate(material),
                LogEntries = material.TryGetProperty("tlogEntries", out var entries) ? [.. entries.EnumerateArray().Select(LogEntry.Read)] : [],
            };
            if (root.TryGetProperty("messageSignature", out var message))
            {
                if (message.TryGetProperty("messageDigest", out var digest) && Text(digest, "algorithm") is not Sha256Name)
                    throw new JsonException("Its digest is not SHA-256.");
                bundle = bundle with
                {
                    FileDigest = message.GetProperty("messageDigest").GetProperty("digest").GetBytesFromBase64(),
                    Signature = message.GetProperty("signature").GetBytesFromBase64(),
                };
            }

            if (root.TryGetProperty("dsseEnvelope", out var envelope))
            {
                bundle = bundle with
                {
                    Envelope = new DsseEnvelope(
                        Text(envelope, "payloadType") ?? "",
                        envelope.GetProperty("payload").GetBytesFromBase64(),
                        [.. envelope.GetProperty("signatures").EnumerateArray().Select(x => (ReadOnlyMemory<byte>)x.GetProperty("sig").GetBytesFromBase64())]),
                };
            }

            return (bundle.Signature is null) == (bundle.Envelope is null) ? throw new JsonException("It must have either a signature or an envelope.")
                : (bundle.KeyHint is null) == (bundle.Certificate is null) ? throw new JsonException("It must name either a public key or a certificate.")
                : bundle;
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new JsonException($"It does not have the form of a Sigstore bundle: {exception.Message}", exception);
        }
    }

    /// <summary>The bundle of a signature by a key of one's own, as it is written to a file.</summary>
    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("mediaType", MediaType);
            json.WriteStartObject("verificationMaterial");
            json.WriteStartObject("publicKey");
            json.WriteString("hint", KeyHint ?? throw new InvalidOperationException("A bundle with a certificate is written by who made it."));
            json.WriteEndObject();
            json.WriteEndObject();
            if (Envelope is { } envelope)
            {
                json.WriteStartObject("dsseEnvelope");
                json.WriteBase64String("payload", envelope.Payload.Span);
                json.WriteString("payloadType", envelope.PayloadType);
                json.WriteStartArray("signatures");
                foreach (var signature in envelope.Signatures)
                {
                    json.WriteStartObject();
                    json.WriteBase64String("sig", signature.Span);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
            else
            {
                json.WriteStartObject("messageSignature");
                json.WriteStartObject("messageDigest");
                json.WriteString("algorithm", Sha256Name);
                json.WriteBase64String("digest", FileDigest!.Value.Span);
                json.WriteEndObject();
                json.WriteBase64String("signature", Signature!.Value.Span);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return [.. stream.ToArray(), (byte)'\n'];
    }

    // Version 0.3 has one certificate; earlier ones have a chain that begins with it.
    static ReadOnlyMemory<byte>? ReadCertificate(JsonElement material)
    {
        if (material.TryGetProperty("certificate", out var certificate))
            return certificate.GetProperty("rawBytes").GetBytesFromBase64();
        if (material.TryGetProperty("x509CertificateChain", out var chain) && chain.GetProperty("certificates").EnumerateArray().ToList() is [var leaf, ..])
            return leaf.GetProperty("rawBytes").GetBytesFromBase64();
        return null;
    }

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
