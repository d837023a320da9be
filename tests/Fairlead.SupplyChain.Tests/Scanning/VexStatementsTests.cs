using System.Text.Json;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

public sealed class VexStatementsTests
{
    static readonly Finding Opa = new(Severity.High, "CVE-2022-23628", "go.mod", "t") { Package = "github.com/open-policy-agent/opa", Installed = "v0.35.0", Purl = "pkg:golang/github.com/open-policy-agent/opa@v0.35.0" };

    [Fact]
    public void A_published_openvex_document_takes_out_the_subcomponent_that_it_names()
    {
        var vex = VexStatements.Parse(SupplyChainData.File("trivy-inputs/openvex.json").ReadAllText(), "o.json");
        vex.Find(Opa).ShouldBe("not_affected, vulnerable_code_not_in_execute_path: The vulnerable code isn't called (o.json)");
        vex.Find(Opa with { Id = "CVE-2022-1" }).ShouldBeNull();
        vex.Find(Opa with { Purl = "pkg:golang/github.com/open-policy-agent/opa@v0.36.0" }).ShouldBeNull("Another version is not meant.");
    }

    [Theory]
    [InlineData("not_affected", """, "justification": "component_not_present" """, true)]
    [InlineData("not_affected", """, "impact_statement": "never called" """, true)]
    [InlineData("not_affected", "", false)]
    [InlineData("fixed", "", true)]
    [InlineData("affected", "", false)]
    [InlineData("under_investigation", "", false)]
    public void Only_statements_with_their_reason_are_honoured(string status, string reason, bool honoured)
    {
        var vex = VexStatements.Parse($$"""{ "@context": "https://openvex.dev/ns", "statements": [ { "vulnerability": "CVE-1", "products": [ "pkg:nuget/A" ], "status": "{{status}}"{{reason}} } ] }""", "o.json");
        (vex.Find(Of("pkg:nuget/a@1.0.0")) is not null).ShouldBe(honoured);
        if (status == "not_affected" && !honoured)
            vex.Warnings.ShouldHaveSingleItem().ShouldContain("without a justification");
    }

    [Fact]
    public void The_latest_statement_about_a_package_counts()
    {
        var vex = VexStatements.Parse("""
            { "@context": "https://openvex.dev/ns", "statements": [
              { "vulnerability": { "name": "CVE-1" }, "products": [ { "@id": "pkg:nuget/A" } ], "status": "fixed", "timestamp": "2026-01-01T00:00:00Z" },
              { "vulnerability": { "name": "CVE-1" }, "products": [ { "@id": "pkg:nuget/A" } ], "status": "affected", "timestamp": "2026-02-01T00:00:00Z" } ] }
            """, "o.json");
        vex.Find(Of("pkg:nuget/A@1.0.0")).ShouldBeNull();
    }

    [Theory]
    [InlineData("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:nuget/A@1.0.0")]
    [InlineData("pkg:nuget/A@1.0.0?x=y")]
    [InlineData("a-ref")]
    public void A_cyclonedx_document_names_packages_in_three_ways(string reference)
    {
        var vex = VexStatements.Parse($$"""
            { "bomFormat": "CycloneDX", "components": [ { "bom-ref": "a-ref", "purl": "pkg:nuget/A@1.0.0" } ],
              "vulnerabilities": [ { "id": "CVE-1", "analysis": { "state": "not_affected", "justification": "code_not_reachable" }, "affects": [ { "ref": "{{reference}}" } ] } ] }
            """, "c.json");
        vex.Find(Of("pkg:nuget/A@1.0.0")).ShouldBe("not_affected, code_not_reachable (c.json)");
        vex.Find(Of("pkg:nuget/A@1.0.1")).ShouldBeNull();
    }

    [Fact]
    public void The_scope_of_an_npm_package_is_no_version()
    {
        PackageUrls.Covers("pkg:npm/%40a/b", "pkg:npm/@a/b@1").ShouldBeTrue();
        PackageUrls.Covers("pkg:npm/@a/b", "pkg:npm/%40a/b@1").ShouldBeTrue();
        PackageUrls.Covers("pkg:npm/@a/b@2", "pkg:npm/%40a/b@1").ShouldBeFalse();
        PackageUrls.Of("npm", "@a/b", "1").ShouldBe("pkg:npm/%40a/b@1");
    }

    [Fact]
    public void A_document_of_another_kind_is_a_mistake_with_its_place()
    {
        var root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-vex-").FullName);
        try
        {
            (root / "vex/a.json").WriteAllText("{}");
            var mistakes = Should.Throw<ProblemsException>(() => VexStatements.Load(root, ["vex/*.json", "other/*.json"])).Problems;
            mistakes.Select(x => x.Message).ShouldBe(["This is no VEX document: It has neither the '@context' of OpenVEX nor the 'bomFormat' of CycloneDX.", "No file matches 'other/*.json'."]);
            mistakes[0].Where!.Value.File.ShouldBe("vex/a.json");
        }
        finally
        {
            root.DeleteDirectory();
        }
    }

    [Fact]
    public void Hostile_documents_are_refused_and_never_crash()
    {
        var words = new[] { "\"@context\":\"openvex\"", "\"statements\"", "\"products\"", "\"bomFormat\":\"CycloneDX\"", "\"vulnerabilities\"", "\"affects\"", "\"ref\"", "\"status\":\"fixed\"", "{", "}", "[", "]", ":", ",", "1", "null", "\"x\"" };
        Prop.ForAll(Gen.ListOf(Gen.Elements(words)).ToArbitrary(), parts =>
        {
            try
            {
                VexStatements.Parse(string.Concat(parts), "x").Find(Of("pkg:nuget/A@1"));
            }
            catch (JsonException)
            {
                // Refused.
            }
        }).QuickCheckThrowOnFailure();
        foreach (var json in new[] { """{"@context":"openvex","statements":[1]}""", """{"@context":"openvex","statements":{}}""", """{"bomFormat":"CycloneDX","vulnerabilities":[{"affects":[3]}]}""", """{"@context":1}""" })
            Should.Throw<JsonException>(() => VexStatements.Parse(json, "x"), json);
    }

    static Finding Of(string purl) => new(Severity.High, "CVE-1", "f", "t") { Package = "A", Installed = "1.0.0", Purl = purl };
}
