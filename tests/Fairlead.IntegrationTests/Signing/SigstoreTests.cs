using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

public sealed class SigstoreTests : IDisposable
{
    const string HappyPath = "happy-path-intoto-in-dsse-v3";

    readonly AbsolutePath _directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-sign-").FullName);
    readonly SigningKey _key = SigningKey.Create("release");

    public void Dispose()
    {
        _key.Dispose();
        _directory.DeleteDirectory();
    }

    [Fact]
    public async Task Signatures_made_here_verify_with_Sigstores_own_library_and_with_openssl_and_changed_ones_do_not()
    {
        NpmTools.Package("@sigstore/verify");
        var content = RandomNumberGenerator.GetBytes(100_000);
        var (file, changed) = (Written("file", content), Written("changed", [.. content, 0]));
        var key = Written("key.pub", Encoding.ASCII.GetBytes(_key.PublicKey.ToPem()));
        var signature = _key.Sign(content);
        var bundle = Written("file.sigstore.json", new SigstoreBundle { KeyHint = _key.PublicKey.Hint, FileDigest = SHA256.HashData(content), Signature = signature }.ToJson());
        var statement = new InTotoStatement(InTotoStatement.Provenance, [KeyValuePair.Create("file", "ab")], JsonDocument.Parse("{}").RootElement);
        var envelope = Written("statement.sigstore.json", new SigstoreBundle { KeyHint = _key.PublicKey.Hint, Envelope = DsseEnvelope.Sign(DsseEnvelope.InToto, statement.ToJson(), _key) }.ToJson());
        using var other = SigningKey.Create("other");
        var wrong = Written("wrong.pub", Encoding.ASCII.GetBytes(other.PublicKey.ToPem()));

        (await Sigstore(key, bundle, file)).ShouldBe("verified");
        (await Sigstore(key, envelope)).ShouldBe("verified");
        (await Sigstore(key, bundle, changed)).ShouldNotBe("verified");
        (await Sigstore(wrong, bundle, file)).ShouldNotBe("verified");
        (await Sigstore(wrong, envelope)).ShouldNotBe("verified");

        var der = Written("file.sig", signature);
        (await OpenSsl("dgst", "-sha256", "-verify", key, "-signature", der, file)).ShouldBe("Verified OK");
        (await OpenSsl("dgst", "-sha256", "-verify", key, "-signature", der, changed)).ShouldNotBe("Verified OK");
    }

    [Fact]
    public async Task Signatures_that_openssl_makes_verify_here_and_keys_go_both_ways()
    {
        var pem = Written("key.pem", Encoding.ASCII.GetBytes(_key.ToPem("a password")));
        var file = Written("file", "content"u8.ToArray());
        await OpenSsl("dgst", "-sha256", "-sign", pem, "-passin", "pass:a password", "-out", _directory / "theirs.sig", file);
        _key.PublicKey.Verify("content"u8, File.ReadAllBytes(_directory / "theirs.sig")).ShouldBeTrue();
        await OpenSsl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", _directory / "theirs.pem");
        using var theirs = SigningKey.Parse("theirs", (_directory / "theirs.pem").ReadAllText(), null);
        await OpenSsl("pkey", "-in", _directory / "theirs.pem", "-pubout", "-out", _directory / "theirs.pub");
        VerificationKey.Parse("theirs", (_directory / "theirs.pub").ReadAllText()).Hint.ShouldBe(theirs.PublicKey.Hint);
    }

    [Fact]
    public void A_bundle_of_GitHubs_workflow_verifies_offline_against_the_public_instances_root()
    {
        using var seeds = JsonDocument.Parse(File.ReadAllBytes(NpmTools.Package("@sigstore/tuf") / "seeds.json"));
        var root = TrustedRoot.Parse(seeds.RootElement.EnumerateObject().Single().Value.GetProperty("targets").GetProperty("trusted_root.json").GetBytesFromBase64());
        TrustedSigners Trusting(string subject) => new() { Keyless = new KeylessSigners(root, [new KeylessIdentity("https://token.actions.githubusercontent.com", subject)]) };
        SigstoreBundle Bundle(string name) => SigstoreBundle.Parse(File.ReadAllBytes(Recorded / name / "bundle.sigstore.json"));

        SignatureVerifier.VerifyStatement(Bundle(HappyPath), Trusting("https://github.com/sigstore-conformance/*")).Signer.ShouldBe(
            "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main (as https://token.actions.githubusercontent.com vouches)");
        SignatureVerifier.VerifyStatement(Bundle(HappyPath), Trusting("https://github.com/another/*")).IsValid.ShouldBeFalse();
        SignatureVerifier.VerifyStatement(Bundle("dsse-invalid-sig_fail"), Trusting("*")).IsValid.ShouldBeFalse();
        InTotoStatement.Parse(Bundle(HappyPath).Envelope!.Payload).Subjects.ShouldHaveSingleItem().Key.ShouldBe("a.txt");
    }

    static AbsolutePath Recorded
    {
        get
        {
            var directory = Environment.GetEnvironmentVariable("FAIRLEAD_SUPPLY_CHAIN_DATA") is { Length: > 0 } named
                ? AbsolutePath.Create(named)
                : Repository.Product.Parent / "shared" / "fixtures" / "supply-chain";
            if (!directory.DirectoryExists())
                Assert.Skip("The recorded data is not here; FAIRLEAD_SUPPLY_CHAIN_DATA says where it is.");
            return directory / "sigstore";
        }
    }

    Task<string> Sigstore(params string[] arguments) => RunAsync("node", [NpmTools.With("@sigstore/verify") / "verify-sigstore.cjs", .. arguments]);

    Task<string> OpenSsl(params string[] arguments) => RunAsync("openssl", arguments);

    async Task<string> RunAsync(string tool, params string[] arguments) => (await new ProcessRunner(new Redactor(), TimeProvider.System, _directory).RunAsync(
        (ToolCommand.Of(tool, arguments) with { Timeout = TimeSpan.FromMinutes(2) }).WithAnyExitCode(), cancellationToken: TestContext.Current.CancellationToken)).StandardOutput.Trim();

    AbsolutePath Written(string name, byte[] content)
    {
        File.WriteAllBytes(_directory / name, content);
        return _directory / name;
    }
}
