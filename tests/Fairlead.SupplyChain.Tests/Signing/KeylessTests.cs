using System.Security.Cryptography;
using System.Text;

namespace Fairlead.SupplyChain.Tests;

public sealed class KeylessTests : IDisposable
{
    static readonly byte[] Content = "a file\n"u8.ToArray();

    readonly FakeSigstore _sigstore = new();

    public void Dispose() => _sigstore.Dispose();

    [Theory]
    [InlineData(FakeSigstore.Workflow, true)]
    [InlineData("https://forge.invalid/shop/*", true)]
    [InlineData("https://forge.invalid/*/workflows/*@refs/heads/main", true)]
    [InlineData("https://forge.invalid/*@refs/heads/other", false)]
    [InlineData("https://forge.invalid/shop", false)]
    [InlineData("forge.invalid*", false)]
    public void A_certificate_counts_for_the_identities_that_are_trusted(string subject, bool isTrusted)
    {
        var result = Verify(_sigstore.Sign(Content), _sigstore.Trusting(subject));
        if (isTrusted)
            result.Signer.ShouldBe($"{FakeSigstore.Workflow} (as {FakeSigstore.Issuer} vouches)");
        else
            result.Problem.ShouldBe($"it was signed by {FakeSigstore.Workflow} (as {FakeSigstore.Issuer} vouches), who is not trusted to");
    }

    [Fact]
    public void Whoever_vouches_must_be_trusted_too()
    {
        var trusted = new TrustedSigners { Keyless = new KeylessSigners(_sigstore.Root, [new KeylessIdentity("https://other.invalid", "*")]) };
        Verify(_sigstore.Sign(Content), trusted).Problem.ShouldNotBeNull().ShouldEndWith("who is not trusted to");
        Verify(_sigstore.Sign(Content), new TrustedSigners()).Problem.ShouldBe("it is signed without a key (by a certificate), and nobody is trusted to do that");
    }

    [Fact]
    public void A_signature_counts_only_when_a_log_took_it_while_the_certificate_was_valid()
    {
        Verify(_sigstore.Sign(Content, FakeSigstore.Signing.AddMinutes(10)), _sigstore.Trusting("*")).Problem.ShouldBe("it was made at 2026-03-04 05:16:07Z, when its certificate was not valid");
        var unlogged = Text(_sigstore.Sign(Content)).Replace("tlogEntries", "x", StringComparison.Ordinal);
        Verify(Encoding.UTF8.GetBytes(unlogged), _sigstore.Trusting("*")).Problem.ShouldBe("no transparency log is named that has taken it, so nobody knows when it was made");
        var moved = Text(_sigstore.Sign(Content)).Replace("\"logIndex\":\"7\"", "\"logIndex\":\"8\"", StringComparison.Ordinal);
        Verify(Encoding.UTF8.GetBytes(moved), _sigstore.Trusting("*")).Problem.ShouldBe("the promise of its transparency log is not signed by that log");
    }

    [Fact]
    public void A_certificate_of_another_authority_or_in_no_log_does_not_count()
    {
        using var other = new FakeSigstore();
        Verify(other.Sign(Content), _sigstore.Trusting("*")).Problem.ShouldBe("the transparency log that it names is not trusted");
        Verify(_sigstore.Sign(Content, isPromised: false), _sigstore.Trusting("*")).Problem.ShouldBe("its certificate is in no trusted certificate log");
    }

    [Fact]
    public void The_logs_proof_of_another_signature_does_not_count()
    {
        var one = SigstoreBundle.Parse(_sigstore.Sign(Content));
        var two = SigstoreBundle.Parse(_sigstore.Sign(Content));
        SignatureVerifier.VerifyFile(one with { LogEntries = two.LogEntries }, SHA256.HashData(Content), _sigstore.Trusting("*")).Problem.ShouldBe("what the transparency log has taken is another signature");
    }

    [Fact]
    public void A_broken_certificate_is_a_problem_and_not_a_crash()
    {
        var bundle = SigstoreBundle.Parse(_sigstore.Sign(Content));
        var bytes = bundle.Certificate!.Value.ToArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0xFF;
            SignatureVerifier.VerifyFile(bundle with { Certificate = changed }, SHA256.HashData(Content), _sigstore.Trusting("*")).IsValid.ShouldBeFalse($"at {i}");
        }
    }

    static SignatureResult Verify(byte[] json, TrustedSigners trusted) => SignatureVerifier.VerifyFile(SigstoreBundle.Parse(json), SHA256.HashData(Content), trusted);

    static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
