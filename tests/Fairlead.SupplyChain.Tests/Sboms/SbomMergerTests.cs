using System.Text;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

public sealed class SbomMergerTests
{
    // As Trivy 0.44 writes an image: random references, a file that holds packages, an operating system without a purl.
    static string Image(string random) => $$"""
        {
          "bomFormat": "CycloneDX", "specVersion": "1.5",
          "metadata": { "tools": [ { "vendor": "aquasecurity", "name": "trivy", "version": "dev" } ], "component": { "bom-ref": "{{random}}0", "type": "container", "name": "shop:1.0" } },
          "components": [
            { "bom-ref": "{{random}}1", "type": "operating-system", "name": "debian", "version": "12.1" },
            { "bom-ref": "pkg:deb/debian/libc6@2.36?arch=amd64&distro=debian-12.1", "type": "library", "name": "libc6", "version": "2.36", "licenses": [ { "expression": "GPL-2.0-only" } ],
              "purl": "pkg:deb/debian/libc6@2.36?arch=amd64&distro=debian-12.1" },
            { "bom-ref": "pkg:deb/debian/tzdata@1?arch=all", "type": "library", "name": "tzdata", "version": "1", "purl": "pkg:deb/debian/tzdata@1?arch=all" },
            { "bom-ref": "{{random}}2", "type": "application", "name": "app/shop.deps.json", "properties": [ { "name": "aquasecurity:trivy:Class", "value": "lang-pkgs" } ] },
            { "bom-ref": "{{random}}3", "type": "library", "name": "a", "version": "1.0", "purl": "pkg:nuget/a@1.0" },
            { "bom-ref": "pkg:npm/left-pad@1.3.0", "type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0" }
          ],
          "dependencies": [
            { "ref": "{{random}}0", "dependsOn": [ "{{random}}1", "{{random}}2" ] },
            { "ref": "{{random}}1", "dependsOn": [ "pkg:deb/debian/tzdata@1?arch=all" ] },
            { "ref": "pkg:deb/debian/tzdata@1?arch=all", "dependsOn": [ "pkg:deb/debian/libc6@2.36?arch=amd64&distro=debian-12.1" ] },
            { "ref": "{{random}}2", "dependsOn": [ "{{random}}3", "pkg:npm/left-pad@1.3.0" ] }
          ]
        }
        """;

    [Fact]
    public void What_only_the_scanner_has_seen_is_added_with_its_relations()
    {
        var merged = SbomMerger.Merge(SbomOf.Components(SbomOf.Package("A", "1.0")), Read(Image("r")));
        merged.Components.Select(x => x.Reference).ShouldBe([
            "operatingsystem:debian@12.1", "pkg:deb/debian/libc6@2.36?arch=amd64&distro=debian-12.1", "pkg:deb/debian/tzdata@1?arch=all", "pkg:npm/left-pad@1.3.0", "pkg:nuget/A@1.0",
        ]);
        merged.DependenciesOf("application:shop@1.0").ShouldBe(["operatingsystem:debian@12.1", "pkg:npm/left-pad@1.3.0", "pkg:nuget/A@1.0"]);
        merged.DependenciesOf("operatingsystem:debian@12.1").ShouldBe(["pkg:deb/debian/tzdata@1?arch=all"]);
        merged.DependenciesOf("pkg:deb/debian/tzdata@1?arch=all").ShouldBe(["pkg:deb/debian/libc6@2.36?arch=amd64&distro=debian-12.1"]);
        merged.Tools.ShouldBe([new SbomTool("Fairlead", "1.0.0"), new SbomTool("trivy", "dev")]);
        merged.Components.Single(x => x.Name == "A").Hashes.ShouldNotBeEmpty();
    }

    [Fact]
    public void The_random_references_of_the_scanner_leave_no_trace()
    {
        string Merged(string random) => CycloneDxWriter.Write(SbomMerger.Merge(SbomOf.Components(SbomOf.Package("A", "1.0")), Read(Image(random))));
        Merged("first-").ShouldBe(Merged("second-"));
    }

    [Fact]
    public void Every_reference_of_the_merged_graph_is_a_component()
    {
        var merged = SbomMerger.Merge(SbomOf.Components(SbomOf.Package("A", "1.0")), Read(Image("r")));
        var known = merged.Components.Select(x => x.Reference).Append(merged.Subject.Reference).ToHashSet();
        merged.Dependencies.Keys.Concat(merged.Dependencies.Values.SelectMany(x => x)).ShouldAllBe(x => known.Contains(x));
    }

    [Fact]
    public void What_trivy_writes_today_is_read_too()
    {
        var file = SupplyChainData.File("trivy/npm-cyclonedx.json");
        var merged = SbomMerger.Merge(SbomOf.Components(), CycloneDxReader.Read(File.ReadAllBytes(file), file.Name));
        merged.Components.ShouldContain(x => x.Purl == "pkg:npm/asap@2.0.6");
        merged.Components.ShouldNotContain(x => x.Name == "package-lock.json");
        merged.Components.Single(x => x.Purl == "pkg:npm/jquery@3.3.9").Licences.ShouldBe([new SbomLicence("MIT")]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "bomFormat": "SPDX" }""")]
    public void What_is_no_CycloneDX_is_a_mistake_of_the_user(string json) =>
        Should.Throw<UserErrorException>(() => Read(json)).Message.ShouldContain("seen.json");

    [Fact]
    public void A_bill_that_was_written_here_is_read_as_it_was()
    {
        var sbom = SbomOf.Components(SbomOf.Package("A", "1.0") with { Copyright = "© Ann", Description = "Does & <more>", Scope = SbomScope.Excluded, References = [new SbomReference("vcs", "https://example.org/a", "abc")] });
        var again = Read(CycloneDxWriter.Write(sbom));
        CycloneDxWriter.Write(again).ShouldBe(CycloneDxWriter.Write(sbom with { Author = new SbomParty("Shopkeepers") { IsPerson = true } }));
        SbomCompleteness.Check(again).IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Damaged_documents_are_read_or_refused_and_never_crash() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<(int At, char With)>().ToArbitrary(),
        damage =>
        {
            var json = Image("r");
            var at = (int)((uint)damage.At % json.Length);
            try
            {
                SpdxWriter.Write(SbomMerger.Merge(SbomOf.Components(), Read($"{json[..at]}{damage.With}{json[(at + 1)..]}")));
            }
            catch (UserErrorException)
            {
            }
        }).QuickCheckThrowOnFailure();

    static Sbom Read(string json) => CycloneDxReader.Read(Encoding.UTF8.GetBytes(json), "seen.json");
}
