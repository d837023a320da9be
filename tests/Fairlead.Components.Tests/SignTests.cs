using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components.Tests;

public sealed class SignTests : IDisposable
{
    readonly World _world = new();

    AbsolutePath Release => _world.Root / "artifacts" / "release";

    AbsolutePath PublicKey => _world.Root / ".nuke" / "keys" / "shop.pub";

    AbsolutePath PrivateKey => _world.Home / "fairlead" / "keys" / "shop.pem";

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_key_is_made_once_and_then_signs_what_is_deployed()
    {
        await _world.RunAsync(":keys");
        _world.Text.ShouldContain("Made the key 'shop'. Commit its public part, '.nuke/keys/shop.pub'");
        var made = PublicKey.ReadAllText();
        await _world.RunAsync(":keys");
        _world.Text.ShouldContain($"its private part is yours, in '{PrivateKey}'");
        PublicKey.ReadAllText().ShouldBe(made);
        _world.Commit("chore: a key");

        await _world.RunAsync("DeployStaging");
        _world.Text.ShouldContain("artifacts and the provenance are signed by the key shop (SHA256:");
        await _world.RunAsync(":verify");
        _world.Text.ShouldContain("web.tar.gz is signed by the key shop");
        _world.Text.ShouldContain("verifies (sha256:");
        var statement = InTotoStatement.Parse(SigstoreBundle.Parse(File.ReadAllBytes(Release / "provenance.sigstore.json")).Envelope!.Payload);
        statement.Subjects.Select(x => x.Key).ShouldContain("web.tar.gz");
        statement.Predicate.GetProperty("buildDefinition").GetProperty("externalParameters").GetProperty("targets").GetString().ShouldBe("DeployStaging");
        await _world.RunAsync("Sign");
        _world.Text.ShouldContain("is signed already");
    }

    [Fact]
    public async Task Without_a_key_signing_is_not_done_and_said_and_fails_only_when_it_is_asked_for()
    {
        await _world.RunAsync("DeployStaging");
        _world.Text.ShouldContain("NOT DONE: There is no key to sign");
        await _world.RunAsync("DeployStaging");
        _world.Text.ShouldContain("was sealed by an earlier run, and is not signed");
        _world.Text.ShouldContain("WARNING: 'signatures' was NOT DONE");
        await _world.RunAsync("Sign", ExitCodes.Failed);
        _world.Text.ShouldContain("./build.sh :keys");
        await _world.RunAsync(":verify", ExitCodes.Refused);
        _world.Text.ShouldContain("Every byte of the release is what the manifest says; who made it is not known.");
    }

    [Fact]
    public async Task A_signed_release_that_was_changed_is_deployed_nowhere_and_nothing_is_touched()
    {
        await Signed();
        var json = JsonNode.Parse((Release / "release.json").ReadAllText())!;
        foreach (var verdict in json["verdicts"]!.AsArray())
            verdict!["outcome"] = "passed";
        var before = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Release / "release.json")));
        var bytes = Encoding.UTF8.GetBytes(json.ToJsonString());
        File.WriteAllBytes(Release / "release.json", bytes);
        (Release / "release.json.sha256").WriteAllText($"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))}  release.json\n");
        (Release / "SHA256SUMS").WriteAllText((Release / "SHA256SUMS").ReadAllText().Replace(before, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), StringComparison.Ordinal));

        // Nothing signs over it.
        await _world.RunAsync("DeployStaging", ExitCodes.Refused);
        _world.Text.ShouldContain("The signature of release.json does not count: it is the signature of another file");
        await _world.RunAsync("Sign", ExitCodes.Refused);
        await _world.RunAsync($"DeployProduction --release {Release}", ExitCodes.Refused);
        _world.Text.ShouldContain("The signature of release.json does not count: it is the signature of another file");
        await _world.RunAsync($":verify {Release}", ExitCodes.Refused);
        _world.Platform.States.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_release_that_another_key_signed_is_refused()
    {
        await Signed();
        using var other = SigningKey.Create("other");
        PublicKey.WriteAllText(other.PublicKey.ToPem());
        await _world.RunAsync($"DeployStaging --release {Release}", ExitCodes.Refused);
        _world.Text.ShouldContain("it is signed with a key that is not trusted");
    }

    [Fact]
    public async Task A_build_server_gives_the_key_as_a_secret_which_is_shown_nowhere()
    {
        await _world.RunAsync(":keys");
        _world.Commit("chore: a key");
        var pem = PrivateKey.ReadAllText();
        PrivateKey.DeleteFile();
        _world.Environment["FAIRLEAD_SIGNING_KEY"] = pem;
        await _world.RunAsync("Package --verbosity Verbose");
        _world.Text.ShouldContain("are signed by the key shop");
        _world.Text.ShouldNotContain(pem.Split('\n')[1]);

        using var other = SigningKey.Create("other");
        _world.Environment["FAIRLEAD_SIGNING_KEY"] = other.ToPem(null);
        _world.Commit("fix: more");
        await _world.RunAsync("Package", ExitCodes.Failed);
        _world.Text.ShouldContain("but nobody here will believe it");
    }

    [Fact]
    public async Task A_private_key_among_the_public_ones_is_refused_loudly()
    {
        await _world.RunAsync(":keys");
        File.Copy(PrivateKey, PublicKey, overwrite: true);
        await _world.RunAsync(":keys", ExitCodes.Failed);
        _world.Text.ShouldContain("holds 'PRIVATE KEY', and not a public key");
        await _world.RunAsync(":keys ../evil", ExitCodes.Usage);
        _world.Text.ShouldContain("cannot be the name of a key");
    }

    [Fact]
    public async Task A_release_can_be_looked_at()
    {
        await Signed();
        await _world.RunAsync(":inspect");
        _world.Text.ShouldStartWith("web 0.0.1-");
        _world.Text.ShouldContain("✓ tests: 2 passed, 0 failed, 0 skipped");
        _world.Text.ShouldContain("artifacts and the provenance are signed by the key shop");
        await _world.RunAsync(":inspect --json");
        JsonNode.Parse(_world.Text[_world.Text.IndexOf('{', StringComparison.Ordinal)..(_world.Text.LastIndexOf('}') + 1)])!["application"]!.GetValue<string>().ShouldBe("web");
        await _world.RunAsync(":inspect nowhere", ExitCodes.Usage);
    }

    async Task Signed()
    {
        await _world.RunAsync(":keys");
        _world.Commit("chore: a key");
        await _world.RunAsync("Package");
    }
}
