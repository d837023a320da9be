using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class ReleaseSigningTests : IDisposable
{
    static readonly string Commit = new('c', 40);

    readonly TemporaryDirectory _temporary = new();
    readonly SigningKey _key = SigningKey.Create("release");

    AbsolutePath Root => _temporary.Path;

    public void Dispose()
    {
        _key.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task A_signed_release_verifies_and_says_who_signed_what()
    {
        await SignedAsync();
        var verification = Verify();
        verification.Problems.ShouldBeEmpty();
        verification.Signatures.Outcome.ShouldBe(VerdictOutcome.Passed);
        verification.Signatures.Summary.ShouldBe($"The manifest, 2 artifacts and the provenance are signed by the key release (SHA256:{_key.PublicKey.Hint}).");
        verification.Signed.Select(x => x.Key).ShouldBe(["release.json", "bom.cdx.json", "web.tar.gz", "the provenance"]);
        Root.GlobFiles("**/*.sigstore.json").Select(Root.GetUnixRelativePathTo).Order(StringComparer.Ordinal)
            .ShouldBe(["bom.cdx.json.sigstore.json", "provenance.sigstore.json", "release.json.sigstore.json", "web.tar.gz.sigstore.json"]);
    }

    [Fact]
    public async Task What_is_not_signed_or_signed_while_nobody_is_trusted_is_not_done()
    {
        Sealed();
        Verify().Signatures.ShouldBe(new Verdict(VerdictKinds.Signatures, VerdictOutcome.NotDone, "The release 1.2.3 is not signed. Make a key with './build.sh :keys', and sign with './build.sh Sign'."));
        await SignedAsync();
        var verification = ReleaseVerifier.Verify(Root, new TrustedSigners());
        verification.Problems.ShouldBeEmpty();
        verification.Signatures.Summary.ShouldBe("The release 1.2.3 is signed, but nobody is trusted: there is no key in '.nuke/keys'. './build.sh :keys' puts one there.");
    }

    [Fact]
    public async Task A_manifest_that_was_edited_and_sealed_again_by_hand_is_refused()
    {
        await SignedAsync();
        Reseal(x => x["verdicts"]![0]!["outcome"] = "passed");
        ReleaseReader.Load(Root).Problems.ShouldBeEmpty();
        OnlyProblem().ShouldStartWith("The signature of release.json does not count: it is the signature of another file (sha256:");
        Verify().Signatures.Outcome.ShouldBe(VerdictOutcome.Failed);
    }

    [Fact]
    public async Task An_artifact_that_was_exchanged_together_with_manifest_and_seal_is_refused()
    {
        await SignedAsync();
        Sealed("other bytes", keepSignatures: true);
        Verify().Problems.Select(x => x.Message[..x.Message.IndexOf(" does", StringComparison.Ordinal)]).ShouldBe(["The signature of release.json", "The signature of web.tar.gz", "The signature of the provenance"]);
    }

    [Fact]
    public async Task A_wrong_key_is_told_from_a_changed_file()
    {
        await SignedAsync();
        using var other = SigningKey.Create("other");
        var problems = ReleaseVerifier.Verify(Root, new TrustedSigners { Keys = [other.PublicKey] }).Problems;
        problems.Length.ShouldBe(4);
        problems.ShouldAllBe(x => x.Message.Contains("with a key that is not trusted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signatures_of_each_others_files_are_refused()
    {
        await SignedAsync();
        File.Copy(Root / "web.tar.gz.sigstore.json", Root / "bom.cdx.json.sigstore.json", overwrite: true);
        OnlyProblem().ShouldStartWith("The signature of bom.cdx.json does not count: it is the signature of another file (sha256:");
    }

    [Fact]
    public async Task The_provenance_of_another_release_is_refused()
    {
        await SignedAsync("an earlier one");
        var earlier = File.ReadAllBytes(Root / "provenance.sigstore.json");
        await SignedAsync();
        File.WriteAllBytes(Root / "provenance.sigstore.json", earlier);
        OnlyProblem().ShouldStartWith("The signature of the provenance does not count: it is about other files: 'web' (sha256:");

        var other = Provenance with { Commit = new string('d', 40) };
        File.WriteAllBytes(Root / "provenance.sigstore.json", await new KeySigner(_key).SignStatementAsync(other.About(Subjects), TestContext.Current.CancellationToken));
        OnlyProblem().ShouldContain($"it is about the commit {new string('d', 40)}, and the release about {Commit}");
        ReleaseProvenance.Write(Root, ReleaseReader.Load(Root).Manifest!, other);
        (await Should.ThrowAsync<UserErrorException>(() => ReleaseSigner.SignAsync(ReleaseReader.Load(Root), new KeySigner(_key), TestContext.Current.CancellationToken))).Message.ShouldContain("it is about the commit");
    }

    [Fact]
    public async Task A_statement_of_another_kind_is_no_provenance()
    {
        await SignedAsync();
        var statement = new InTotoStatement("https://example.invalid/test-result", [], JsonDocument.Parse("{}").RootElement);
        File.WriteAllBytes(Root / "provenance.sigstore.json", await new KeySigner(_key).SignStatementAsync(statement, TestContext.Current.CancellationToken));
        OnlyProblem().ShouldContain("what it states is 'https://example.invalid/test-result', and not SLSA's provenance of version 1");
    }

    [Theory]
    [InlineData("web.tar.gz.sigstore.json", "web.tar.gz")]
    [InlineData("provenance.sigstore.json", "the provenance")]
    [InlineData("release.json.sigstore.json", "release.json")]
    public async Task A_signature_that_was_taken_away_is_missed(string file, string what)
    {
        await SignedAsync();
        (Root / file).DeleteFile();
        OnlyProblem().ShouldBe($"The signature of {what} does not count: it is missing, while other files of the release are signed.");
        (Root / file).WriteAllText("{ no json");
        OnlyProblem().ShouldStartWith($"The signature of {what} does not count: it cannot be read (");
    }

    [Fact]
    public async Task A_release_without_a_bill_of_materials_is_refused_although_it_is_signed()
    {
        await SignedAsync(sbom: false);
        Verify().Problems.Select(x => x.Message).ShouldBe(["The release 1.2.3 has no software bill of materials."]);
    }

    [Fact]
    public async Task A_bill_of_materials_that_is_none_or_of_another_version_is_refused()
    {
        Sealed(bill: "{}");
        Verify().Problems.ShouldHaveSingleItem().Message.ShouldStartWith("The software bill of materials of 1.2.3 is none");
        Sealed(bill: """{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"application","name":"shop","version":"1.2.2"}}}""");
        Verify().Problems.ShouldHaveSingleItem().Message.ShouldBe("The release 1.2.3 has a software bill of materials, but not of 1.2.3.");
        await SignedAsync();
        (Root / "SHA256SUMS").DeleteFile();
        OnlyProblem().ShouldBe("'SHA256SUMS' is missing, which every signed release has.");
    }

    [Fact]
    public async Task A_changed_manifest_without_its_signature_is_no_interruption_that_may_be_completed()
    {
        await SignedAsync();
        Reseal(x => x["verdicts"]![0]!["outcome"] = "passed");
        Verify().IsInterrupted.ShouldBeFalse();
        (Root / "release.json.sigstore.json").DeleteFile();
        Verify().IsInterrupted.ShouldBeFalse();
    }

    [Fact]
    public async Task Every_changed_byte_of_any_file_of_a_signed_release_is_found_or_changes_nothing()
    {
        await SignedAsync();
        foreach (var file in Root.GlobFiles("**/*"))
        {
            var whole = File.ReadAllBytes(file);
            for (var i = 0; i < whole.Length; i++)
            {
                byte[] changed = [.. whole];
                changed[i] ^= 0x02;
                File.WriteAllBytes(file, changed);
                var verification = Verify();
                // JSON has places where a byte says nothing: blanks, names of members that are not read. The unsigned statement is for signing alone.
                if (verification is { Problems.IsEmpty: true, Signatures.Outcome: VerdictOutcome.Passed } && file.Name != "provenance.json")
                    file.Name.ShouldEndWith(".sigstore.json", Case.Sensitive, $"{file.Name} at {i}");
            }

            File.WriteAllBytes(file, whole);
        }

        Verify().Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Interrupted_after_any_signature_it_is_said_and_signing_again_completes_it()
    {
        for (var signatures = 0; signatures < 4; signatures++)
        {
            Sealed();
            var release = ReleaseReader.Load(Root);
            await Should.ThrowAsync<OperationCanceledException>(() => ReleaseSigner.SignAsync(release, new DyingSigner(_key, signatures), TestContext.Current.CancellationToken));
            Verify().Signatures.Outcome.ShouldBe(signatures == 0 ? VerdictOutcome.NotDone : VerdictOutcome.Failed);
            Verify().IsInterrupted.ShouldBe(signatures > 0);
            await ReleaseSigner.SignAsync(release, new KeySigner(_key), TestContext.Current.CancellationToken);
            Verify().Signatures.Outcome.ShouldBe(VerdictOutcome.Passed);
        }
    }

    [Fact]
    public void Keys_are_kept_for_their_user_alone_and_never_overwritten()
    {
        var file = SigningKeys.PrivateDirectory(x => x == "XDG_CONFIG_HOME" ? Root : null) / "shop.pem";
        file.ShouldBe(Root / "fairlead" / "keys" / "shop.pem");
        SigningKeys.Keep(file, _key.ToPem(null));
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Should.Throw<UserErrorException>(() => SigningKeys.Keep(file, "another")).Message.ShouldContain("There is a key already");
        file.ReadAllText().ShouldBe(_key.ToPem(null));
        file.Parent.GetFiles().Count.ShouldBe(1);
        Should.Throw<UserErrorException>(() => SigningKeys.PrivateDirectory(_ => null)).Message.ShouldStartWith("There is no home directory");

        SigningKeys.Trusted(Root).IsEmpty.ShouldBeTrue();
        (Root / ".nuke" / "keys" / "b.pub").WriteAllText(_key.PublicKey.ToPem());
        (Root / ".nuke" / "keys" / "a.pub").WriteAllText(_key.PublicKey.ToPem());
        SigningKeys.Trusted(Root).Keys.Select(x => x.Name).ShouldBe(["a", "b"]);
    }

    ReleaseVerification Verify() => ReleaseVerifier.Verify(Root, new TrustedSigners { Keys = [_key.PublicKey] });

    string OnlyProblem() => Verify().Problems.ShouldHaveSingleItem().Message;

    async Task SignedAsync(string content = "web bytes", bool sbom = true)
    {
        Sealed(content, sbom: sbom);
        await ReleaseSigner.SignAsync(ReleaseReader.Load(Root), new KeySigner(_key), TestContext.Current.CancellationToken);
    }

    void Sealed(string content = "web bytes", bool sbom = true, bool keepSignatures = false, string? bill = null)
    {
        var signatures = keepSignatures ? Root.GetFiles("*.sigstore.json").ToDictionary(x => x, x => File.ReadAllBytes(x)) : [];
        var writer = ReleaseWriter.Begin(Root);
        foreach (var (file, bytes) in signatures)
            File.WriteAllBytes(file, bytes);
        (Root / "web.tar.gz").WriteAllText(content);
        (Root / "bom.cdx.json").WriteAllText(bill ?? """{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"application","name":"shop","version":"1.2.3"}}}""");
        var manifest = writer.Seal(new ReleaseDraft
        {
            Application = "shop",
            Version = "1.2.3",
            Commit = Commit,
            CommitTime = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero),
            Branch = "main",
            Artifacts = [new("web", ArtifactKinds.Application, Root / "web.tar.gz", "Web.dll"), .. sbom ? (ArtifactFile[])[new("bill", ArtifactKinds.Sbom, Root / "bom.cdx.json")] : []],
            Verdicts = [new("scan", VerdictOutcome.NotDone, "No Trivy.")],
        });
        ReleaseProvenance.Write(Root, manifest, Provenance);
    }

    void Reseal(Action<JsonNode> change)
    {
        var json = JsonNode.Parse((Root / "release.json").ReadAllText())!;
        change(json);
        var bytes = Encoding.UTF8.GetBytes(json.ToJsonString());
        File.WriteAllBytes(Root / "release.json", bytes);
        File.WriteAllBytes(Root / "release.json.sha256", ReleaseFiles.SealOf(bytes));
        File.WriteAllBytes(Root / "SHA256SUMS", ReleaseFiles.ChecksumsOf(ReleaseReader.Load(Root).Manifest ?? JsonSerializer.Deserialize(bytes, ReleaseJson.Instance.ReleaseManifest)!, bytes));
    }

    IReadOnlyList<KeyValuePair<string, string>> Subjects => [.. ReleaseReader.Load(Root).Manifest!.Artifacts.Select(x => KeyValuePair.Create(x.Location, x.Digest[7..]))];

    static BuildProvenance Provenance => new()
    {
        Commit = Commit,
        Builder = "urn:fairlead:builder:local",
        Parameters = ImmutableSortedDictionary<string, string>.Empty,
        StartedOn = DateTimeOffset.UnixEpoch,
        FinishedOn = DateTimeOffset.UnixEpoch,
    };

    sealed class DyingSigner(SigningKey key, int signatures) : ISigner
    {
        readonly KeySigner _inner = new(key);
        int _left = signatures;

        public string Name => _inner.Name;

        public Task<byte[]> SignFileAsync(AbsolutePath file, byte[] sha256, CancellationToken cancellationToken) =>
            _left-- > 0 ? _inner.SignFileAsync(file, sha256, cancellationToken) : throw new OperationCanceledException();

        public Task<byte[]> SignStatementAsync(InTotoStatement statement, CancellationToken cancellationToken) =>
            _left-- > 0 ? _inner.SignStatementAsync(statement, cancellationToken) : throw new OperationCanceledException();
    }
}
