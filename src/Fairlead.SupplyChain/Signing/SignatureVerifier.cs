using System.Text;

namespace Fairlead.SupplyChain;

/// <summary>Checks bundles, offline.</summary>
public static class SignatureVerifier
{
    /// <summary>Whether a bundle is a trusted signature of a file.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="sha256">SHA-256 of the file.</param>
    /// <param name="trusted">Whose signatures count.</param>
    public static SignatureResult VerifyFile(SigstoreBundle bundle, byte[] sha256, TrustedSigners trusted)
    {
        if (bundle is not { FileDigest: { } digest, Signature: { } signature })
            return SignatureResult.Invalid("it holds a signed statement, and not the signature of a file");
        if (!digest.Span.SequenceEqual(sha256))
            return SignatureResult.Invalid($"it is the signature of another file (sha256:{Convert.ToHexStringLower(digest.Span)})");
        return Verify(bundle, trusted, key => key.VerifyHash(sha256, signature.Span));
    }

    /// <summary>Whether a bundle is a statement signed by somebody trusted.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="trusted">Whose signatures count.</param>
    public static SignatureResult VerifyStatement(SigstoreBundle bundle, TrustedSigners trusted)
    {
        if (bundle.Envelope is not { } envelope)
            return SignatureResult.Invalid("it holds the signature of a file, and not a signed statement");
        return envelope.PayloadType != DsseEnvelope.InToto
            ? SignatureResult.Invalid($"what it signs is '{envelope.PayloadType}', and not an in-toto statement")
            : Verify(bundle, trusted, envelope.IsSignedBy);
    }

    static SignatureResult Verify(SigstoreBundle bundle, TrustedSigners trusted, Func<VerificationKey, bool> isSignedBy)
    {
        if (bundle.Certificate is not null)
        {
            return trusted.Keyless is { } keyless
                ? keyless.Verify(bundle, isSignedBy)
                : SignatureResult.Invalid("it is signed without a key (by a certificate), and nobody is trusted to do that");
        }

        if (trusted.Keys.IsEmpty)
            return SignatureResult.Invalid("it is signed with a key, and no key is trusted");
        // The hint is only a hint (protobuf-specs, PublicKeyIdentifier): the signature decides.
        if (trusted.Keys.FirstOrDefault(isSignedBy) is { } signer)
            return SignatureResult.By($"the key {signer}");
        var named = trusted.Keys.FirstOrDefault(x => x.Hint == bundle.KeyHint);
        return SignatureResult.Invalid(named is not null
            ? $"its signature is not that of the key {named}, which it names: what was signed was changed, or the signature was"
            : $"it is signed with a key that is not trusted (SHA256:{Printable(bundle.KeyHint)}); trusted: {string.Join(", ", trusted.Keys)}");
    }

    // It comes from a file that anybody may have written.
    static string Printable(string? hint) =>
        hint is null ? "" : string.Concat(hint.EnumerateRunes().Take(64).Select(x => Rune.IsLetterOrDigit(x) || x.Value is '+' or '/' or '=' ? x.ToString() : "?"));
}
