using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.SupplyChain;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Releases.Tests;

public sealed class ReleaseTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();

    AbsolutePath Root => _temporary.Path;

    AbsolutePath Manifest => Root / ReleaseFiles.ManifestName;

    AbsolutePath SealFile => Root / ReleaseFiles.SealName;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void What_was_written_is_read_and_verifies()
    {
        var written = Write();
        foreach (var path in new[] { Root, Manifest })
        {
            var read = ReleaseReader.Load(path);
            read.Problems.ShouldBeEmpty();
            Text(read.ManifestOrThrow()).ShouldBe(Text(written));
            read.Directory.ShouldBe(Root);
        }

        written.Artifacts.Select(x => x.Name).ShouldBe(["bill", "web"]);
        written.Artifact("web").ShouldBe(new ReleaseArtifact("web", "application", "web.tar.gz", Digest("web bytes"), 9, "Web.dll"));
        written.Artifact("bill")!.Location.ShouldBe("sub/bom.json");
        written.Verdicts.Select(x => x.Kind).ShouldBe(["scan", "tests"]);
        written.Verdict("sbom").Outcome.ShouldBe(VerdictOutcome.NotDone);
        written.CommitTime.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void The_digest_covers_version_commit_and_artifacts_and_nothing_else()
    {
        var digests = new[] { Digest("web bytes"), Digest("{}") }.Order(StringComparer.Ordinal);
        Write().Digest.ShouldBe(Digest($"fairlead-release-1\n1.2.3\n{Commit}\n{string.Concat(digests.Select(x => x + "\n"))}"));
        var digest = Write().Digest;
        Write(Draft with { Notes = "other", Verdicts = [], Branch = null, Artifacts = [.. Draft.Artifacts.Reverse()] }).Digest.ShouldBe(digest);
        Write(Draft with { Version = "1.2.4" }).Digest.ShouldNotBe(digest);
        Write(Draft with { Commit = new string('0', 40) }).Digest.ShouldNotBe(digest);
        Write(Draft, web: "other bytes").Digest.ShouldNotBe(digest);
    }

    [Fact]
    public void The_same_draft_gives_the_same_bytes_with_line_feeds()
    {
        Write();
        var first = File.ReadAllBytes(Manifest);
        Write(Draft with { Artifacts = [.. Draft.Artifacts.Reverse()] });
        File.ReadAllBytes(Manifest).ShouldBe(first);
        Encoding.UTF8.GetString(first).ShouldNotContain('\r');
        Manifest.ReadAllText().ShouldEndWith("}\n");
    }

    [Fact]
    public void The_seal_is_what_sha256sum_checks()
    {
        Write();
        SealFile.ReadAllText().ShouldBe($"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Manifest)))}  release.json\n");
    }

    [Fact]
    public void The_checksums_are_what_sha256sum_checks_and_a_change_in_them_is_found()
    {
        Write();
        var checksums = Root / "SHA256SUMS";
        checksums.ReadAllText().ShouldBe(
            $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Manifest)))}  release.json\n{Digest("{}")[7..]}  sub/bom.json\n{Digest("web bytes")[7..]}  web.tar.gz\n");
        checksums.WriteAllText(checksums.ReadAllText().Replace('0', '1'));
        Problem().ShouldBe("'SHA256SUMS' does not tell the checksums that the manifest tells; it was changed after sealing.");
        // Earlier versions wrote none.
        checksums.DeleteFile();
        ReleaseReader.Load(Root).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_manifest_of_the_first_version_is_still_read()
    {
        Write();
        Reseal(x =>
        {
            foreach (var verdict in x["verdicts"]!.AsArray())
                verdict!.AsObject().Select(y => y.Key).Except(["kind", "outcome", "summary"]).ToList().ForEach(y => verdict.AsObject().Remove(y));
        });
        (Root / "SHA256SUMS").DeleteFile();
        ReleaseReader.Load(Root).ManifestOrThrow().Verdict("tests").ShouldBe(new Verdict("tests", VerdictOutcome.Passed, "3 passed."));
    }

    [Fact]
    public void Packaging_anew_takes_away_what_the_release_before_consisted_of_and_nothing_else()
    {
        Write();
        (Root / "mine.txt").WriteAllText("");
        (Root / "web.tar.gz.sigstore.json").WriteAllText("");
        ReleaseWriter.Begin(Root);
        Root.GlobFiles("**/*").Select(x => x.Name).ShouldBe(["mine.txt"]);
    }

    [Fact]
    public void The_manifest_conforms_to_the_published_schema()
    {
        Write(Draft with
        {
            Artifacts = [.. Draft.Artifacts, new("web-image", ArtifactKinds.Image, Root / "web.oci.tar") { Image = new ImageReference("registry.invalid/web", "1.2.3", Digest("image")) }],
            Verdicts = [Verdict.Of(VerdictKinds.Scan, [new("scan.secrets", VerdictOutcome.Passed, "None.") { Figures = new Dictionary<string, double> { ["high"] = 0 }, ValidUntil = new DateOnly(2026, 5, 6) }])],
        });
        var repository = AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists()).ShouldNotBeNull();
        var schema = JsonNode.Parse((repository / "docs/schemas/release.schema.json").ReadAllText())!;
        Conform(JsonNode.Parse(Manifest.ReadAllText()), schema, schema, "release.json");
    }

    [Fact]
    public void Every_change_of_one_byte_of_the_manifest_or_its_seal_is_found()
    {
        Write();
        foreach (var file in new[] { Manifest, SealFile })
        {
            var sealedBytes = File.ReadAllBytes(file);
            var changes = Gen.Zip(Gen.Choose(0, sealedBytes.Length - 1), Gen.Choose(1, 255)).ToArbitrary();
            Prop.ForAll(changes, change =>
            {
                var bytes = (byte[])sealedBytes.Clone();
                bytes[change.Item1] ^= (byte)change.Item2;
                File.WriteAllBytes(file, bytes);
                return ReleaseReader.Load(Root) is { Manifest: null, Problems: [var problem] } && problem.Message.Contains("changed after sealing", StringComparison.Ordinal);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
            File.WriteAllBytes(file, sealedBytes);
        }

        ReleaseReader.Load(Root).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Every_cut_of_the_manifest_is_found()
    {
        Write();
        var whole = File.ReadAllBytes(Manifest);
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).ToArbitrary(), length =>
        {
            File.WriteAllBytes(Manifest, whole[..length]);
            return ReleaseReader.Load(Root).Manifest is null;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_missing_manifest_and_a_missing_seal_are_told_apart()
    {
        Problem().ShouldContain("There is no release here");
        Write();
        SealFile.DeleteFile();
        Problem().ShouldContain("is not sealed");
    }

    [Fact]
    public void A_changed_a_cut_and_a_missing_artifact_are_each_named()
    {
        Write();
        (Root / "web.tar.gz").WriteAllText("WEB bytes");
        Problem().ShouldContain("'web' was changed after sealing");
        (Root / "web.tar.gz").WriteAllText("web");
        Problem().ShouldContain("'web' has 3 bytes; it had 9");
        (Root / "web.tar.gz").DeleteFile();
        (Root / "sub/bom.json").DeleteFile();
        ReleaseReader.Load(Root).Problems.Select(x => x.Message).ShouldBe(["The artifact 'bill' is missing.", "The artifact 'web' is missing."]);
        Should.Throw<ProblemsException>(() => ReleaseReader.Load(Root).ManifestOrThrow()).Problems.Count.ShouldBe(2);
    }

    [Fact]
    public void A_sealed_lie_about_the_digest_is_found()
    {
        Write();
        Reseal(x => x["version"] = "9.9.9");
        Problem().ShouldContain("The digest of the release is");
    }

    [Fact]
    public void A_newer_schema_gives_a_clear_message_and_unknown_members_none()
    {
        Write();
        Reseal(x => x["later"] = new JsonObject { ["a"] = 1 });
        ReleaseReader.Load(Root).Problems.ShouldBeEmpty();
        Reseal(x =>
        {
            x["schemaVersion"] = 2;
            x["artifacts"] = "somewhere else";
        });
        Problem().ShouldContain("schema version 2; this Fairlead reads versions up to 1");
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/hostname")]
    [InlineData("sub/../../x")]
    [InlineData("")]
    [InlineData(".")]
    public void A_location_outside_the_release_is_refused(string location)
    {
        Write();
        Reseal(x => x["artifacts"]![0]!["location"] = location);
        Problem().ShouldContain("outside the release");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("""{ "schemaVersion": 1 }""")]
    [InlineData("""{ "schemaVersion": 0 }""")]
    [InlineData("""{ "schemaVersion": "1" }""")]
    [InlineData("""{ "schemaVersion": 1, "application": "a", "version": "1", "commit": "c", "commitTime": "2026-01-01T00:00:00Z", "artifacts": null, "verdicts": null, "digest": "d" }""")]
    [InlineData("""{ "schemaVersion": 1, "application": "a", "version": "1", "commit": "c", "commitTime": "2026-01-01T00:00:00Z", "artifacts": [null], "verdicts": [], "digest": "d" }""")]
    [InlineData("""{ "schemaVersion": 1, "application": null, "version": "1", "commit": "c", "commitTime": "2026-01-01T00:00:00Z", "artifacts": [], "verdicts": [], "digest": "d" }""")]
    public void A_sealed_file_that_is_no_manifest_is_a_problem_and_no_exception(string json)
    {
        AtomicFile.Write(Manifest, json);
        AtomicFile.Write(SealFile, ReleaseFiles.SealOf(Encoding.UTF8.GetBytes(json)));
        ReleaseReader.Load(Root).Problems.ShouldHaveSingleItem();
    }

    [Fact]
    public void Once_packaging_has_begun_the_old_release_is_none_any_more()
    {
        Write();
        ReleaseWriter.Begin(Root);
        Problem().ShouldContain("There is no release here");
        // Killed between manifest and seal.
        Write();
        SealFile.DeleteFile();
        Problem().ShouldContain("is not sealed");
    }

    [Fact]
    public void A_draft_with_mistakes_is_refused_with_all_of_them_and_leaves_no_release()
    {
        var writer = ReleaseWriter.Begin(Root);
        var draft = Draft with
        {
            Artifacts = [new("web", "application", Root / "missing"), new("WEB", "application", Root.Parent / "outside")],
            Verdicts = [new("scan", VerdictOutcome.Passed, ""), new("scan", VerdictOutcome.Failed, "")],
        };
        Should.Throw<ProblemsException>(() => writer.Seal(draft)).Problems.Count.ShouldBe(4);
        Should.Throw<ProblemsException>(() => writer.Seal(draft with { Artifacts = [], Verdicts = [] })).Message.ShouldContain("at least one artifact");
        Root.GetFiles().ShouldBeEmpty();
    }

    [Fact]
    public void Any_text_in_a_draft_comes_back_as_it_was()
    {
        var texts = ArbMap.Default.ArbFor<NonNull<string>>();
        Prop.ForAll(texts, texts, (notes, summary) =>
        {
            // Not every string of .NET is text: half a surrogate pair cannot be written in UTF-8.
            string Clean(string x) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(x));
            var written = Write(Draft with { Notes = Clean(notes.Get), Verdicts = [new("tests", VerdictOutcome.Failed, Clean(summary.Get))] });
            var read = ReleaseReader.Load(Root).ManifestOrThrow();
            return Text(read) == Text(written) && read.Notes == Clean(notes.Get) && read.Verdicts[0].Summary == Clean(summary.Get);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(false, false, true, true)]
    [InlineData(true, false, true, false)]
    [InlineData(false, true, true, false)]
    [InlineData(false, false, false, false)]
    public void A_release_is_current_for_its_own_commit_and_a_clean_tree_alone(bool builtDirty, bool isDirty, bool sameCommit, bool current) =>
        ReleaseCheck.IsCurrent(Write(Draft with { Dirty = builtDirty }), sameCommit ? Commit : new string('0', 40), isDirty).ShouldBe(current);

    static readonly string Commit = new('c', 40);

    ReleaseDraft Draft => new()
    {
        Application = "shop",
        Version = "1.2.3",
        Commit = Commit,
        CommitTime = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.FromHours(1)),
        Branch = "main",
        Artifacts = [new("web", ArtifactKinds.Application, Root / "web.tar.gz", "Web.dll"), new("bill", ArtifactKinds.Sbom, Root / "sub/bom.json")],
        Verdicts = [new("tests", VerdictOutcome.Passed, "3 passed."), new("scan", VerdictOutcome.NotDone, "No Trivy.")],
        Notes = "### Features\n\n- <b> & \"quotes\" ünï\n",
    };

    ReleaseManifest Write() => Write(Draft);

    ReleaseManifest Write(ReleaseDraft draft, string web = "web bytes")
    {
        var writer = ReleaseWriter.Begin(Root);
        (Root / "web.tar.gz").WriteAllText(web);
        (Root / "sub/bom.json").WriteAllText("{}");
        if (draft.Artifacts.Any(x => x.Kind == ArtifactKinds.Image))
            (Root / "web.oci.tar").WriteAllText("image");
        return writer.Seal(draft);
    }

    /// <summary>What somebody could do who knows how the seal is made.</summary>
    void Reseal(Action<JsonNode> change)
    {
        var json = JsonNode.Parse(Manifest.ReadAllText())!;
        change(json);
        var bytes = Encoding.UTF8.GetBytes(json.ToJsonString());
        AtomicFile.Write(Manifest, bytes);
        AtomicFile.Write(SealFile, ReleaseFiles.SealOf(bytes));
        (Root / "SHA256SUMS").DeleteFile();
    }

    string Problem()
    {
        var read = ReleaseReader.Load(Root);
        read.Manifest.ShouldBeNull();
        return read.Problems.ShouldHaveSingleItem().Message;
    }

    static string Digest(string content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    static string Text(ReleaseManifest manifest) => JsonSerializer.Serialize(manifest);

    /// <summary>The part of JSON Schema that the published schema uses.</summary>
    static void Conform(JsonNode? value, JsonNode schema, JsonNode root, string where)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            Conform(value, root["$defs"]![reference.Split('/')[^1]]!, root, where);
        if (schema["type"] is { } type)
            (type is JsonArray types ? types.Select(x => x!.GetValue<string>()) : [type.GetValue<string>()]).ShouldContain(TypeOf(value), where);
        if (schema["const"] is { } constant)
            value!.ToJsonString().ShouldBe(constant.ToJsonString(), where);
        if (schema["enum"] is JsonArray allowed)
            allowed.Select(x => x!.ToJsonString()).ShouldContain(value!.ToJsonString(), where);
        if (schema["pattern"] is { } pattern && value is not null)
            Regex.IsMatch(value.GetValue<string>(), pattern.GetValue<string>(), RegexOptions.NonBacktracking).ShouldBeTrue(where);
        foreach (var name in schema["required"]?.AsArray() ?? [])
            value!.AsObject().ContainsKey(name!.GetValue<string>()).ShouldBeTrue($"{where}.{name}");
        if (value is JsonArray items && schema["items"] is { } item)
        {
            for (var i = 0; i < items.Count; i++)
                Conform(items[i], item, root, $"{where}[{i}]");
        }

        if (value is JsonObject members && schema["properties"] is JsonObject properties)
        {
            members.Select(x => x.Key).ShouldBe(members.Select(x => x.Key).Where(properties.ContainsKey), $"{where} has members that the schema does not know");
            foreach (var (name, member) in members)
                Conform(member, properties[name]!, root, $"{where}.{name}");
        }
    }

    static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "integer",
        _ => "boolean",
    };
}
