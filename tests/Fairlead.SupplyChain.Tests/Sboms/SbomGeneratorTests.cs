using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

public sealed class SbomGeneratorTests : IDisposable
{
    readonly RestoredProject _restored = new();

    public void Dispose() => _restored.Dispose();

    [Fact]
    public void Everything_that_restore_resolved_is_listed_once_with_hash_and_licence()
    {
        var result = SbomGenerator.Generate(_restored.Request("App", "Lib"));
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        result.Verdict.Summary.ShouldStartWith("3 packages (2 direct, 0 for development only) in 2 projects, all with SHA-512; 2 without a licence on the SPDX list.");
        result.Verdict.Figures.ShouldNotBeNull()["packages"].ShouldBe(3);
        result.Packages.ShouldBe(3);
        var components = Components(result);
        components.Keys.ShouldBe(["pkg:nuget/A@1.0.0|net10.0", "pkg:nuget/A@1.0.0|net10.0/linux-x64", "pkg:nuget/B.C@2.0.0-beta.1", "pkg:nuget/D@3.0.0"], ignoreOrder: true);

        var a = components["pkg:nuget/A@1.0.0|net10.0"];
        a["hashes"]!.ToJsonString().ShouldBe($$"""[{"alg":"SHA-512","content":"{{Convert.ToHexStringLower(SHA512.HashData(RestoredProject.NupkgOfA))}}"}]""");
        a["licenses"]!.ToJsonString().ShouldBe("""[{"expression":"MIT OR Apache-2.0","acknowledgement":"declared"}]""");
        a["authors"]!.ToJsonString().ShouldBe("""[{"name":"Ann"},{"name":"Bob"}]""");
        a["purl"]!.GetValue<string>().ShouldBe("pkg:nuget/A@1.0.0");
        components["pkg:nuget/B.C@2.0.0-beta.1"]["licenses"]!.ToJsonString()
            .ShouldBe("""[{"license":{"name":"LicenseRef-file-LICENSE.txt","acknowledgement":"declared"}}]""");
        components["pkg:nuget/D@3.0.0"]["licenses"]!.ToJsonString()
            .ShouldBe("""[{"license":{"name":"LicenseRef-url-example.org-licence","acknowledgement":"declared","url":"https://example.org/licence"}}]""");
        Parts(result)["project:Lib"]["version"]!.GetValue<string>().ShouldBe("1.2.3");
    }

    [Fact]
    public void The_graphs_of_frameworks_and_runtimes_are_kept_apart()
    {
        var graph = Graph(SbomGenerator.Generate(_restored.Request("App", "Lib")));
        graph["application:shop@1.2.3"].ShouldBe("project:App|net10.0 project:App|net10.0/linux-x64 project:Lib");
        graph["project:App|net10.0"].ShouldBe("pkg:nuget/A@1.0.0|net10.0 project:Lib");
        graph["project:App|net10.0/linux-x64"].ShouldBe("pkg:nuget/A@1.0.0|net10.0/linux-x64");
        graph["pkg:nuget/A@1.0.0|net10.0"].ShouldBe("pkg:nuget/B.C@2.0.0-beta.1");
        graph["pkg:nuget/A@1.0.0|net10.0/linux-x64"].ShouldBe("pkg:nuget/D@3.0.0");
        graph["project:Lib"].ShouldBe("pkg:nuget/D@3.0.0");
        graph["pkg:nuget/D@3.0.0"].ShouldBe("");
    }

    [Fact]
    public void What_only_a_dependency_asks_for_is_transitive()
    {
        var components = Components(SbomGenerator.Generate(_restored.Request("App")));
        Property(components["pkg:nuget/A@1.0.0|net10.0"], "fairlead:dependency").ShouldBe("direct");
        Property(components["pkg:nuget/D@3.0.0"], "fairlead:dependency").ShouldBe("transitive");
        Property(components["pkg:nuget/D@3.0.0"], "fairlead:framework").ShouldBe("net10.0 net10.0/linux-x64");
        Property(components["pkg:nuget/B.C@2.0.0-beta.1"], "fairlead:framework").ShouldBe("net10.0");
    }

    [Fact]
    public void The_same_commit_gives_the_same_bytes_wherever_it_lies()
    {
        using var elsewhere = new RestoredProject();
        var first = SbomGenerator.Generate(_restored.Request("App", "Lib")).Json.ShouldNotBeNull();
        SbomGenerator.Generate(elsewhere.Request("Lib", "App")).Json.ShouldBe(first);
        first.ShouldNotContain(_restored.Root);
        first.ShouldContain("\"timestamp\": \"2026-01-05T09:00:00Z\"");
        first.ShouldNotContain('\r');

        string Serial(string json) => JsonNode.Parse(json)!["serialNumber"]!.GetValue<string>();
        Serial(first).ShouldMatch("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
        Serial(SbomGenerator.Generate(_restored.Request("App") with { Commit = new string('b', 40) }).Json!).ShouldNotBe(Serial(first));
    }

    [Fact]
    public void A_project_that_is_not_restored_fails_the_verdict() =>
        Failed("Other").ShouldContain("is not restored");

    [Fact]
    public void An_application_without_packages_has_a_bill_that_lists_itself()
    {
        _restored.Assets("Empty", """{ "net10.0": {} }""");
        var result = SbomGenerator.Generate(_restored.Request("Empty"));
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        result.Verdict.Summary.ShouldStartWith("0 packages");
    }

    [Fact]
    public void No_project_at_all_fails_the_verdict() =>
        SbomGenerator.Generate(_restored.Request()).Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);

    [Fact]
    public void A_package_without_its_hash_fails_the_verdict()
    {
        (_restored.Packages / "d/3.0.0/d.3.0.0.nupkg.sha512").WriteAllText("bm90IGEgaGFzaA==");
        Failed("App").ShouldContain("D 3.0.0 is not in the package folder");
        (_restored.Packages / "d").DeleteDirectory();
        Failed("App").ShouldContain("D 3.0.0 is not in the package folder");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "libraries": {}, "targets": { "net10.0": { "NoSlash": {} } }, "projectFileDependencyGroups": {}, "packageFolders": {}, "project": { "restore": { "projectName": "x" } } }""")]
    public void An_assets_file_that_cannot_be_read_fails_the_verdict(string content)
    {
        AssetsFile.Of(_restored.Project("App")).WriteAllText(content);
        Failed("App").ShouldContain("cannot be read");
    }

    [Fact]
    public void A_broken_or_hostile_description_leaves_only_the_licence_unknown()
    {
        (_restored.Packages / "a/1.0.0/a.nuspec").WriteAllText("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><package><metadata><license type='expression'>&e;</license></metadata></package>");
        var result = SbomGenerator.Generate(_restored.Request("App", "Lib"));
        result.Verdict.Summary.ShouldContain("3 without a licence on the SPDX list");
    }

    [Fact]
    public void The_bill_of_these_very_tests_lists_what_they_run_on()
    {
        var root = AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists()).ShouldNotBeNull();
        var result = SbomGenerator.Generate(_restored.Request() with { Projects = [root / "tests/Fairlead.SupplyChain.Tests/Fairlead.SupplyChain.Tests.csproj"] });
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Passed, result.Verdict.Summary);
        var components = Components(result);
        components.Keys.ShouldContain(x => x.StartsWith("pkg:nuget/xunit.v3.core", StringComparison.Ordinal));
        Parts(result).Keys.ShouldContain("project:Fairlead.Tooling");
        components.Keys.ShouldContain(x => x.StartsWith("pkg:nuget/Microsoft.NETCore.App.Ref@10.", StringComparison.Ordinal));
        components["pkg:nuget/Meziantou.Analyzer@3.0.320"]["scope"]!.GetValue<string>().ShouldBe("excluded");
        components["pkg:nuget/Shouldly@4.2.1"]["scope"]!.GetValue<string>().ShouldBe("required");
        components.Keys.ShouldAllBe(x => !x.Contains('|'));
    }

    string Failed(string project)
    {
        var result = SbomGenerator.Generate(_restored.Request(project));
        result.Verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        result.Json.ShouldBeNull();
        return result.Verdict.Summary;
    }

    static string Property(JsonNode component, string name) =>
        string.Join(' ', component["properties"]!.AsArray().Where(x => x!["name"]!.GetValue<string>() == name).Select(x => x!["value"]!.GetValue<string>()));

    static Dictionary<string, string> Graph(SbomResult result) => JsonNode.Parse(result.Json.ShouldNotBeNull())!["dependencies"]!.AsArray()
        .ToDictionary(x => x!["ref"]!.GetValue<string>(), x => string.Join(' ', x!["dependsOn"]!.AsArray().Select(y => y!.GetValue<string>())));

    static Dictionary<string, JsonNode> Parts(SbomResult result) => JsonNode.Parse(result.Json.ShouldNotBeNull())!["metadata"]!["component"]!["components"]!.AsArray()
        .ToDictionary(x => x!["bom-ref"]!.GetValue<string>(), x => x!);

    static Dictionary<string, JsonNode> Components(SbomResult result) => JsonNode.Parse(result.Json.ShouldNotBeNull())!["components"]!.AsArray()
        .ToDictionary(x => x!["bom-ref"]!.GetValue<string>(), x => x!);
}
