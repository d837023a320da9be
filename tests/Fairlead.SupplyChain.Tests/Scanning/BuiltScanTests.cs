using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

public sealed class BuiltScanTests : IDisposable
{
    const string Index = "application/vnd.oci.image.index.v1+json";
    const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    readonly ScanWorld _world = new();

    AbsolutePath Layout => _world.Root / "image";

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Each_platform_of_an_image_is_scanned_those_of_nested_indexes_too_and_attestations_are_none()
    {
        var nested = Blob(new JsonObject { ["manifests"] = new JsonArray(Image("linux", "arm64"), Image("unknown", "unknown", isAttestation: true)) }, Index);
        WriteIndex(Image("linux", "amd64"), nested);
        _world.Results.Add(ScanWorld.Vulnerable("CVE-1", "HIGH"));
        var result = await ScanAsync();
        _world.Scans.Count(x => x.Arguments[0] == "image").ShouldBe(2);
        result.Verdict.Summary.ShouldContain("2 images");
        result.Findings.Select(x => x.File).Where(x => x.StartsWith("shop", StringComparison.Ordinal)).ShouldBe(["shop (linux/amd64):sources/src/packages.lock.json", "shop (linux/arm64):sources/src/packages.lock.json"]);
        result.Reports.Keys.ShouldBe(["image-shop--linux-amd64-", "image-shop--linux-arm64-"]);
        _world.Layouts.Select(x => JsonNode.Parse(x)!["manifests"]!.AsArray().Count).ShouldAllBe(x => x == 1);
        _world.Layouts.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        (Layout / "blobs" / "sha256").GetFiles("*").Count.ShouldBe(4, "What was scanned is as it was.");
    }

    [Fact]
    public async Task A_platform_that_is_not_there_or_not_what_its_digest_says_has_failed()
    {
        var missing = Image("linux", "arm64");
        (Layout / "blobs" / "sha256" / missing["digest"]!.GetValue<string>()[7..]).DeleteFile();
        WriteIndex(Image("linux", "amd64"), missing);
        var verdict = (await ScanAsync()).Verdict;
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldContain("which is not in it");
        var changed = Image("linux", "s390x");
        File.WriteAllText(Layout / "blobs" / "sha256" / changed["digest"]!.GetValue<string>()[7..], "{}");
        WriteIndex(changed);
        (await ScanAsync()).Verdict.Summary.ShouldContain("has another digest");
        WriteIndex();
        (await ScanAsync()).Verdict.Summary.ShouldContain("There is no image in shop.");
    }

    [Fact]
    public async Task Trivy_that_looked_at_another_platform_has_failed()
    {
        WriteIndex(Image("linux", "arm64"));
        _world.Metadata = Platform("amd64");
        (await ScanAsync()).Verdict.Summary.ShouldContain("Trivy looked at one for linux/amd64 instead");
        _world.Metadata = Platform("arm64");
        (await ScanAsync()).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
    }

    [Fact]
    public async Task Of_a_reference_into_a_registry_the_verdict_says_which_platform_was_looked_at_and_nothing_of_its_variables_is_kept()
    {
        _world.Metadata = Platform("amd64");
        var result = await BuiltScan.RunImagesAsync(_world.Settings, ["registry.example.com/shop:1"]);
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, result.Verdict.Summary);
        result.Verdict.Summary.ShouldContain("of several platforms one alone: registry.example.com/shop:1 for linux/amd64");
        var report = result.Reports.ShouldHaveSingleItem().Value;
        report.ShouldNotContain("verysecret");
        report.ShouldNotContain("ImageConfig");
    }

    [Fact]
    public async Task What_is_installed_in_published_output_is_looked_at_too()
    {
        _world.Write("out/app.js", "x");
        _world.Write("out/node_modules/a/package.json", "{}");
        _world.InstalledResults.Add("""
            { "Target": "Node.js", "Class": "lang-pkgs", "Type": "node-pkg", "Packages": [ { "Name": "a", "Version": "1.0.0" } ],
              "Vulnerabilities": [ { "VulnerabilityID": "CVE-7", "PkgName": "a", "PkgPath": "sources/web/node_modules/a/package.json", "InstalledVersion": "1.0.0", "Severity": "HIGH", "Title": "bad" } ] }
            """);
        var result = await BuiltScan.RunAsync(_world.Settings, [new BuiltItem("web", _world.Root / "out")]);
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        result.Findings.ShouldHaveSingleItem().File.ShouldBe("web/node_modules/a/package.json");
        result.Reports.Keys.ShouldBe(["published", "published-installed"]);
        _world.Blind.Add("rootfs");
        (await BuiltScan.RunAsync(_world.Settings, [new BuiltItem("web", _world.Root / "out")])).Verdict.Summary.ShouldContain("empty or damaged");
    }

    static string Platform(string architecture) => $$"""{ "ImageConfig": { "os": "linux", "architecture": "{{architecture}}", "config": { "Env": [ "PASSWORD=verysecret" ] } } }""";

    Task<PartResult> ScanAsync() => BuiltScan.RunAsync(_world.Settings, [new BuiltItem("shop", Layout)]);

    JsonObject Image(string system, string architecture, bool isAttestation = false)
    {
        var descriptor = Blob(new JsonObject { ["config"] = $"{system}-{architecture}" }, Manifest);
        descriptor["platform"] = new JsonObject { ["os"] = system, ["architecture"] = architecture };
        if (isAttestation)
            descriptor["annotations"] = new JsonObject { ["vnd.docker.reference.type"] = "attestation-manifest" };
        return descriptor;
    }

    JsonObject Blob(JsonObject content, string mediaType)
    {
        var bytes = Encoding.UTF8.GetBytes(content.ToJsonString());
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        (Layout / "blobs" / "sha256").CreateDirectory();
        File.WriteAllBytes(Layout / "blobs" / "sha256" / digest, bytes);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = $"sha256:{digest}", ["size"] = bytes.Length };
    }

    void WriteIndex(params JsonObject[] manifests)
    {
        _world.Write("image/oci-layout", "{}");
        _world.Write("image/index.json", new JsonObject { ["manifests"] = new JsonArray([.. manifests.Select(x => x.DeepClone())]) }.ToJsonString());
    }
}
