using System.Text;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>A signature line of a C2SP signed note.</summary>
/// <param name="Name">Name of the key.</param>
/// <param name="Bytes">Four bytes that tell the key, and the signature after them.</param>
public sealed record CheckpointSignature(string Name, byte[] Bytes)
{
    internal const int KeyIdLength = 4;

    /// <summary>Four bytes that tell an ECDSA key: the first of the SHA-256 of its SubjectPublicKeyInfo (C2SP signed-note, signature types).</summary>
    internal static byte[] KeyId(VerificationKey key) => Convert.FromBase64String(key.Hint)[..KeyIdLength];

    /// <summary>The name that a key has in notes, where spaces and plus signs cannot be.</summary>
    internal static string NameOf(VerificationKey key) => key.Name.Replace(' ', '-').Replace('+', '-');

    internal bool IsOf(VerificationKey key) => Name == NameOf(key) && Bytes.AsSpan(0, KeyIdLength).SequenceEqual(KeyId(key));

    internal bool IsGood(VerificationKey key, string text) => key.Verify(Encoding.UTF8.GetBytes(text), Bytes.AsSpan(KeyIdLength));
}
