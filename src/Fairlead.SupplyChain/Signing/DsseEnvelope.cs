using System.Globalization;
using System.Text;

namespace Fairlead.SupplyChain;

/// <summary>A signed envelope: a body, what it is, and signatures over both (DSSE, protocol 1.0).</summary>
/// <param name="PayloadType">What the body is.</param>
/// <param name="Payload">The body.</param>
/// <param name="Signatures">At least one.</param>
public sealed record DsseEnvelope(string PayloadType, ReadOnlyMemory<byte> Payload, IReadOnlyList<ReadOnlyMemory<byte>> Signatures)
{
    /// <summary>The type of in-toto statements.</summary>
    public const string InToto = "application/vnd.in-toto+json";

    /// <summary>What is signed: <c>DSSEv1 LENGTH TYPE LENGTH BODY</c> (protocol, "PAE").</summary>
    /// <param name="payloadType">What the body is.</param>
    /// <param name="payload">The body.</param>
    public static byte[] PreAuthenticationEncoding(string payloadType, ReadOnlySpan<byte> payload)
    {
        var length = Encoding.UTF8.GetByteCount(payloadType).ToString(CultureInfo.InvariantCulture);
        return [.. Encoding.UTF8.GetBytes($"DSSEv1 {length} {payloadType} {payload.Length.ToString(CultureInfo.InvariantCulture)} "), .. payload];
    }

    /// <summary>Signs a body.</summary>
    /// <param name="payloadType">What it is.</param>
    /// <param name="payload">The body.</param>
    /// <param name="key">Signs.</param>
    public static DsseEnvelope Sign(string payloadType, byte[] payload, SigningKey key) => new(payloadType, payload, [key.Sign(PreAuthenticationEncoding(payloadType, payload))]);

    /// <summary>Whether one of the signatures is this key's.</summary>
    public bool IsSignedBy(VerificationKey key)
    {
        var signed = PreAuthenticationEncoding(PayloadType, Payload.Span);
        return Signatures.Any(x => key.Verify(signed, x.Span));
    }
}
