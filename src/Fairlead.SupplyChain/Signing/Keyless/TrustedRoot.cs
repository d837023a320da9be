using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>The certificate authorities and logs of a Sigstore instance: <c>trusted_root.json</c> (protobuf-specs, <c>sigstore_trustroot.proto</c>), which <c>cosign trusted-root</c> and TUF clients write.</summary>
public sealed class TrustedRoot
{
    TrustedRoot(ImmutableArray<Authority> authorities, ImmutableArray<Log> transparencyLogs, ImmutableArray<Log> certificateLogs)
    {
        Authorities = authorities;
        TransparencyLogs = transparencyLogs;
        CertificateLogs = certificateLogs;
    }

    internal ImmutableArray<Authority> Authorities { get; }

    internal ImmutableArray<Log> TransparencyLogs { get; }

    internal ImmutableArray<Log> CertificateLogs { get; }

    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">It is none; the message says why.</exception>
    public static TrustedRoot Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new TrustedRoot(
                [.. Items(root, "certificateAuthorities").Select(x => new Authority(
                    [.. x.GetProperty("certChain").GetProperty("certificates").EnumerateArray().Select(y => y.GetProperty("rawBytes").GetBytesFromBase64())],
                    Period.Read(x)))],
                [.. Items(root, "tlogs").Select(Log.Read)],
                [.. Items(root, "ctlogs").Select(Log.Read)]);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"It does not have the form of a trusted root: {exception.Message}", exception);
        }
    }

    static IEnumerable<JsonElement> Items(JsonElement element, string name) => element.TryGetProperty(name, out var items) ? items.EnumerateArray() : [];

    /// <param name="Start">From when on something counts.</param>
    /// <param name="End">Until when; null: still.</param>
    internal sealed record Period(DateTimeOffset Start, DateTimeOffset? End)
    {
        public bool Contains(DateTimeOffset time) => Start <= time && (End is null || time <= End);

        public static Period Read(JsonElement element)
        {
            if (!element.TryGetProperty("validFor", out var period))
                return new Period(DateTimeOffset.MinValue, null);
            DateTimeOffset? Time(string name) => period.TryGetProperty(name, out var value) ? DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture) : null;
            return new Period(Time("start") ?? DateTimeOffset.MinValue, Time("end"));
        }
    }

    /// <param name="Chain">Certificates in DER, the root last.</param>
    /// <param name="Period">When it issued.</param>
    internal sealed record Authority(ImmutableArray<byte[]> Chain, Period Period)
    {
        /// <summary>The certificate that issued another, when that chains to this authority; otherwise null.</summary>
        public byte[]? IssuerOf(X509Certificate2 certificate, DateTimeOffset time)
        {
            if (!Period.Contains(time))
                return null;
            using var chain = new X509Chain();
            List<X509Certificate2> loaded = [.. Chain.Select(X509CertificateLoader.LoadCertificate)];
            try
            {
                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                chain.ChainPolicy.DisableCertificateDownloads = true;
                chain.ChainPolicy.VerificationTime = time.LocalDateTime;
                chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.3", "Code signing"));
                chain.ChainPolicy.CustomTrustStore.Add(loaded[^1]);
                chain.ChainPolicy.ExtraStore.AddRange(loaded[..^1].ToArray());
                return chain.Build(certificate) && chain.ChainElements.Count > 1 ? chain.ChainElements[1].Certificate.RawData : null;
            }
            finally
            {
                foreach (var element in chain.ChainElements)
                    element.Certificate.Dispose();
                loaded.ForEach(x => x.Dispose());
            }
        }
    }

    /// <param name="Id">SHA-256 of its key, in base64.</param>
    /// <param name="Key">Its key; null where it is of a kind that is not read here.</param>
    /// <param name="Period">When it signed.</param>
    internal sealed record Log(string Id, VerificationKey? Key, Period Period)
    {
        public static Log Read(JsonElement element)
        {
            var key = element.GetProperty("publicKey");
            VerificationKey? read = null;
            try
            {
                read = VerificationKey.Of(element.TryGetProperty("baseUrl", out var url) ? url.GetString()! : "a log", key.GetProperty("rawBytes").GetBytesFromBase64());
            }
            catch (CryptographicException)
            {
                // An Ed25519 or RSA log: whoever needs it is told.
            }

            return new Log(element.GetProperty("logId").GetProperty("keyId").GetString()!, read, Period.Read(key));
        }
    }
}
