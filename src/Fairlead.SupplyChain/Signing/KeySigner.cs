using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>Signs with a key of one's own, by the platform's crypto alone.</summary>
/// <param name="key">The key.</param>
public sealed class KeySigner(SigningKey key) : ISigner
{
    /// <inheritdoc/>
    public string Name => $"the key {key.PublicKey}";

    /// <inheritdoc/>
    public Task<byte[]> SignFileAsync(AbsolutePath file, byte[] sha256, CancellationToken cancellationToken) =>
        Task.FromResult(new SigstoreBundle { KeyHint = key.PublicKey.Hint, FileDigest = sha256, Signature = key.SignHash(sha256) }.ToJson());

    /// <inheritdoc/>
    public Task<byte[]> SignStatementAsync(InTotoStatement statement, CancellationToken cancellationToken) =>
        Task.FromResult(new SigstoreBundle { KeyHint = key.PublicKey.Hint, Envelope = DsseEnvelope.Sign(DsseEnvelope.InToto, statement.ToJson(), key) }.ToJson());
}
