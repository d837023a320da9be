using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

public sealed class SignatureTests
{
    static readonly byte[] Content = "a file\n"u8.ToArray();
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    [Fact]
    public void The_published_example_of_DSSE_passes()
    {
        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = Bytes("46950820868899156662930047687818585632848591499744589407958293238635476079160"),
                Y = Bytes("5640078356564379163099075877009565129882514886557779369047442380624545832820"),
            },
        });
        var key = VerificationKey.Parse("example", ec.ExportSubjectPublicKeyInfoPem());
        var signature = Convert.FromBase64String("A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==");
        var body = "hello world"u8.ToArray();
        Encoding.UTF8.GetString(DsseEnvelope.PreAuthenticationEncoding("http://example.com/HelloWorld", body)).ShouldBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        new DsseEnvelope("http://example.com/HelloWorld", body, [signature]).IsSignedBy(key).ShouldBeTrue();
        new DsseEnvelope("http://example.com/HelloWorld", "hello World"u8.ToArray(), [signature]).IsSignedBy(key).ShouldBeFalse();
        new DsseEnvelope("http://example.com/Helloworld", body, [signature]).IsSignedBy(key).ShouldBeFalse();

        static byte[] Bytes(string number) => BigInteger.Parse(number, CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true);
    }

    [Theory]
    [InlineData("managed-key-happy-path")]
    [InlineData("managed-key-and-trusted-root")]
    public void Bundles_of_others_that_were_signed_with_a_key_verify(string name)
    {
        var bundle = SigstoreBundle.Parse(SupplyChainData.Read($"sigstore/{name}/bundle.sigstore.json"));
        var key = VerificationKey.Parse("theirs", Encoding.UTF8.GetString(SupplyChainData.Read($"sigstore/{name}/key.pub")));
        SignatureVerifier.VerifyFile(bundle, SHA256.HashData(SupplyChainData.Read("sigstore/a.txt")), new TrustedSigners { Keys = [key] }).Signer.ShouldBe($"the key theirs (SHA256:{key.Hint})");
        using var another = SigningKey.Create("another");
        SignatureVerifier.VerifyFile(bundle, SHA256.HashData(SupplyChainData.Read("sigstore/a.txt")), new TrustedSigners { Keys = [another.PublicKey] }).Problem.ShouldNotBeNull().ShouldContain("with a key that is not trusted");
    }

    [Fact]
    public void The_wrong_key_of_the_conformance_suite_is_no_key_at_all()
    {
        var pem = Encoding.UTF8.GetString(SupplyChainData.Read("sigstore/managed-key-wrong-key_fail/key.pub"));
        Should.Throw<UserErrorException>(() => VerificationKey.Parse("theirs", pem)).Message.ShouldStartWith("'theirs' is no public key");
    }

    [Theory]
    [InlineData("1.3.132.0.10")]
    [InlineData("1.3.36.3.3.2.8.1.1.7")]
    [InlineData("1.2.840.10045.3.1.7")]
    public void Other_curves_of_the_same_size_are_refused(string curve)
    {
        try
        {
            using var key = ECDsa.Create(ECCurve.CreateFromValue(curve));
            var pem = key.ExportSubjectPublicKeyInfoPem();
            if (curve == "1.2.840.10045.3.1.7")
                VerificationKey.Parse("a", pem).Name.ShouldBe("a");
            else
                Should.Throw<UserErrorException>(() => VerificationKey.Parse("a", pem)).Message.ShouldContain("P-256");
        }
        catch (PlatformNotSupportedException)
        {
            Assert.Skip("This platform does not know the curve.");
        }
    }

    [Theory]
    [InlineData("logIndex", "\"99999999999999999999\"")]
    [InlineData("integratedTime", "\"9223372036854775807\"")]
    [InlineData("integratedTime", "-9223372036854775808")]
    [InlineData("keyId", "null")]
    public void Numbers_that_nobody_can_mean_are_a_mistake_of_the_bundle(string name, string value)
    {
        var text = Encoding.UTF8.GetString(SupplyChainData.Read("sigstore/happy-path-intoto-in-dsse-v3/bundle.sigstore.json"));
        var start = text.IndexOf($"\"{name}\": \"", StringComparison.Ordinal) + name.Length + 4;
        var changed = $"{text[..start]}{value}{text[(text.IndexOf('"', start + 1) + 1)..]}";
        changed.ShouldNotBe(text);
        Should.Throw<JsonException>(() => SigstoreBundle.Parse(Encoding.UTF8.GetBytes(changed)));
    }

    [Fact]
    public void A_changed_bundle_is_read_or_refused_and_nothing_else()
    {
        var text = Encoding.UTF8.GetString(SupplyChainData.Read("sigstore/happy-path-intoto-in-dsse-v3/bundle.sigstore.json"));
        string[] values = ["null", "[]", "{}", "[null]", "[{}]", "true", "-1", "1e999", "99999999999999999999", "\"\"", "\"x\"", "\"99999999999999999999\"", "\"9223372036854775807\"", "\"\\ud800\""];
        var paths = new List<string>();
        Walk(JsonNode.Parse(text)!, paths);
        var mutations = from path in Gen.Elements(paths.ToArray()) from value in Gen.Elements(values) from isCut in Gen.Choose(0, 9) select (path, value, isCut);
        Prop.ForAll(mutations.ToArbitrary(), x =>
        {
            var (path, value, isCut) = x;
            var json = Changed(text, path, value);
            try
            {
                SigstoreBundle.Parse(Encoding.UTF8.GetBytes(isCut == 0 ? json[..(json.Length / 2)] : json));
            }
            catch (JsonException)
            {
            }
        }).QuickCheckThrowOnFailure();

        static void Walk(JsonNode node, List<string> paths)
        {
            IEnumerable<JsonNode?> children = node switch
            {
                JsonObject content => content.Select(x => x.Value),
                JsonArray array => array,
                _ => [],
            };
            foreach (var child in children.OfType<JsonNode>())
            {
                paths.Add(child.GetPath());
                Walk(child, paths);
            }
        }

        static string Changed(string text, string path, string value)
        {
            var root = JsonNode.Parse(text)!;
            Find(root, path)!.ReplaceWith(JsonValue.Create("REPLACED"));
            return root.ToJsonString().Replace("\"REPLACED\"", value, StringComparison.Ordinal);
        }

        static JsonNode? Find(JsonNode node, string path) => node.GetPath() == path ? node : node switch
        {
            JsonObject content => content.Select(x => x.Value).OfType<JsonNode>().Select(x => Find(x, path)).FirstOrDefault(x => x is not null),
            JsonArray array => array.OfType<JsonNode>().Select(x => Find(x, path)).FirstOrDefault(x => x is not null),
            _ => null,
        };
    }

    [Fact]
    public void What_is_signed_here_verifies_here_also_after_writing_and_reading()
    {
        using var key = SigningKey.Create("release");
        var trusted = new TrustedSigners { Keys = [VerificationKey.Parse("release.pub", key.PublicKey.ToPem())] };
        SignatureVerifier.VerifyFile(Signed(key), SHA256.HashData(Content), trusted).Signer.ShouldBe($"the key release.pub (SHA256:{key.PublicKey.Hint})");
    }

    [Fact]
    public void Each_way_in_which_a_signature_does_not_count_is_told_apart()
    {
        using var key = SigningKey.Create("release");
        using var other = SigningKey.Create("other");
        var digest = SHA256.HashData(Content);
        var bundle = Signed(key);
        string? Problem(SigstoreBundle x, params VerificationKey[] keys) => SignatureVerifier.VerifyFile(x, digest, new TrustedSigners { Keys = [.. keys] }).Problem;

        Problem(bundle, key.PublicKey).ShouldBeNull();
        Problem(bundle).ShouldBe("it is signed with a key, and no key is trusted");
        Problem(bundle, other.PublicKey).ShouldBe($"it is signed with a key that is not trusted (SHA256:{key.PublicKey.Hint}); trusted: other (SHA256:{other.PublicKey.Hint})");
        Problem(bundle with { KeyHint = "\u001b[31m<script>" }, other.PublicKey).ShouldBe($"it is signed with a key that is not trusted (SHA256:??31m?script?); trusted: other (SHA256:{other.PublicKey.Hint})");
        Problem(bundle with { Signature = Signed(other).Signature }, key.PublicKey).ShouldBe($"its signature is not that of the key release (SHA256:{key.PublicKey.Hint}), which it names: what was signed was changed, or the signature was");
        Problem(bundle with { Signature = new byte[] { 1, 2, 3 } }, key.PublicKey).ShouldNotBeNull().ShouldStartWith("its signature is not that of the key release");
        SignatureVerifier.VerifyFile(bundle, SHA256.HashData("another"u8), new TrustedSigners { Keys = [key.PublicKey] }).Problem.ShouldBe($"it is the signature of another file (sha256:{Convert.ToHexStringLower(digest)})");
        SignatureVerifier.VerifyStatement(bundle, new TrustedSigners { Keys = [key.PublicKey] }).Problem.ShouldBe("it holds the signature of a file, and not a signed statement");
        // A rotated key: both count.
        Problem(bundle, other.PublicKey, key.PublicKey).ShouldBeNull();
    }

    [Fact]
    public void Every_byte_of_a_bundle_that_is_changed_is_either_refused_or_says_the_same()
    {
        using var key = SigningKey.Create("release");
        var statement = Statement(key);
        var trusted = new TrustedSigners { Keys = [key.PublicKey] };
        var json = Signed(key).ToJson();
        foreach (var (bytes, verify) in new (byte[], Func<SigstoreBundle, SignatureResult>)[]
                 {
                     (json, x => SignatureVerifier.VerifyFile(x, SHA256.HashData(Content), trusted)),
                     (statement.ToJson(), x => SignatureVerifier.VerifyStatement(x, trusted)),
                 })
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                byte[] changed = [.. bytes];
                changed[i] ^= 0x01;
                SigstoreBundle bundle;
                try
                {
                    bundle = SigstoreBundle.Parse(changed);
                }
                catch (JsonException)
                {
                    continue;
                }

                if (verify(bundle).IsValid && bundle.Envelope is { } envelope)
                    envelope.Payload.Span.SequenceEqual(statement.Envelope!.Payload.Span).ShouldBeTrue($"at {i}");
                else if (verify(bundle).IsValid)
                    bundle.FileDigest!.Value.Span.SequenceEqual(SHA256.HashData(Content)).ShouldBeTrue($"at {i}");
            }
        }
    }

    [Fact]
    public void What_is_no_bundle_is_refused_with_a_reason()
    {
        using var key = SigningKey.Create("release");
        var json = Encoding.UTF8.GetString(Signed(key).ToJson());
        string Error(string text) => Should.Throw<JsonException>(() => SigstoreBundle.Parse(Encoding.UTF8.GetBytes(text))).Message;
        Error("{}").ShouldBe("It has no mediaType, so it is no Sigstore bundle.");
        Error("""{"mediaType":"text/plain"}""").ShouldBe("Its media type 'text/plain' is not one of a Sigstore bundle up to version 0.3.");
        Error(json.Replace("SHA2_256", "SHA2_512", StringComparison.Ordinal)).ShouldBe("Its digest is not SHA-256.");
        Error(json.Replace("messageSignature", "else", StringComparison.Ordinal)).ShouldBe("It must have either a signature or an envelope.");
        Error(json.Replace("publicKey", "else", StringComparison.Ordinal)).ShouldBe("It must name either a public key or a certificate.");
        Error("[1]").ShouldStartWith("It does not have the form of a Sigstore bundle");
        foreach (var text in new[] { "", "null", "\"x\"", "{\"mediaType\":3}", json[..^20] })
            Should.Throw<JsonException>(() => SigstoreBundle.Parse(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void A_statement_says_how_it_was_built_and_reads_back()
    {
        using var key = SigningKey.Create("release");
        var bundle = SigstoreBundle.Parse(Statement(key).ToJson());
        SignatureVerifier.VerifyStatement(bundle, new TrustedSigners { Keys = [key.PublicKey] }).IsValid.ShouldBeTrue();
        var statement = InTotoStatement.Parse(bundle.Envelope!.Payload);
        statement.PredicateType.ShouldBe(InTotoStatement.Provenance);
        statement.Subjects.ShouldBe([KeyValuePair.Create("a.tar.gz", "ab12")]);
        JsonSerializer.Serialize(statement.Predicate, Indented).ShouldBe(
            """
            {
              "buildDefinition": {
                "buildType": "urn:fairlead:build:v1",
                "externalParameters": {
                  "targets": "Package"
                },
                "internalParameters": {},
                "resolvedDependencies": [
                  {
                    "uri": "git\u002Bhttps://example.invalid/shop@refs/heads/main",
                    "digest": {
                      "gitCommit": "0123456789012345678901234567890123456789"
                    }
                  }
                ]
              },
              "runDetails": {
                "builder": {
                  "id": "urn:fairlead:builder:local",
                  "version": {
                    "fairlead": "1.0.0"
                  }
                },
                "metadata": {
                  "startedOn": "2026-01-02T03:04:05Z",
                  "finishedOn": "2026-01-02T03:05:05Z"
                }
              }
            }
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_key_is_kept_with_or_without_a_password_and_its_messages_hold_nothing_of_it()
    {
        using var key = SigningKey.Create("release");
        using var plain = SigningKey.Parse("release", key.ToPem(null), null);
        plain.PublicKey.Hint.ShouldBe(key.PublicKey.Hint);
        var encrypted = key.ToPem("correct horse");
        encrypted.ShouldStartWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        using var opened = SigningKey.Parse("release", encrypted, "correct horse");
        opened.PublicKey.Hint.ShouldBe(key.PublicKey.Hint);
        Should.Throw<UserErrorException>(() => SigningKey.Parse("release", encrypted, null)).Message.ShouldBe("The signing key 'release' is encrypted, and there is no password for it.");
        Should.Throw<UserErrorException>(() => SigningKey.Parse("release", encrypted, "wrong")).Message.ShouldBe("The signing key 'release' cannot be read: it is no private ECDSA key on P-256 in PEM, or its password is wrong.");
        Should.Throw<UserErrorException>(() => SigningKey.Parse("release", "rubbish", null));
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Should.Throw<UserErrorException>(() => SigningKey.Parse("release", p384.ExportPkcs8PrivateKeyPem(), null));
        Should.Throw<UserErrorException>(() => SigningKey.Parse("release", key.PublicKey.ToPem(), null));
        Should.Throw<UserErrorException>(() => SigningKey.Parse("release", System.Security.Cryptography.PemEncoding.WriteString("ENCRYPTED SIGSTORE PRIVATE KEY", [1, 2, 3]), null)).Message.ShouldContain("cosign's own format");
    }

    [Fact]
    public void A_private_key_where_public_ones_belong_is_spoken_up_about()
    {
        using var key = SigningKey.Create("release");
        var error = Should.Throw<UserErrorException>(() => VerificationKey.Parse("release.pub", key.ToPem(null)));
        error.Message.ShouldBe("'release.pub' holds 'PRIVATE KEY', and not a public key.");
        error.Remedy.ShouldNotBeNull().ShouldContain("Take it out of the repository and its history");
        Should.Throw<UserErrorException>(() => VerificationKey.Parse("release.pub", "nonsense"));
        using var rsa = RSA.Create(2048);
        Should.Throw<UserErrorException>(() => VerificationKey.Parse("release.pub", rsa.ExportSubjectPublicKeyInfoPem()));
    }

    static SigstoreBundle Signed(SigningKey key) => SigstoreBundle.Parse(new SigstoreBundle
    {
        KeyHint = key.PublicKey.Hint,
        FileDigest = SHA256.HashData(Content),
        Signature = key.Sign(Content),
    }.ToJson());

    static SigstoreBundle Statement(SigningKey key) => new()
    {
        KeyHint = key.PublicKey.Hint,
        Envelope = DsseEnvelope.Sign(
            DsseEnvelope.InToto,
            new BuildProvenance
            {
                Repository = "https://example.invalid/shop",
                Commit = "0123456789012345678901234567890123456789",
                Reference = "refs/heads/main",
                Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("targets", "Package"),
                Builder = "urn:fairlead:builder:local",
                BuilderVersions = ImmutableSortedDictionary<string, string>.Empty.Add("fairlead", "1.0.0"),
                StartedOn = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                FinishedOn = new DateTimeOffset(2026, 1, 2, 3, 5, 5, TimeSpan.Zero),
            }.About([KeyValuePair.Create("a.tar.gz", "ab12")]).ToJson(),
            key),
    };
}
