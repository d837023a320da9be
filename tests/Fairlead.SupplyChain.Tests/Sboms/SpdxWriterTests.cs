using System.Text.Json.Nodes;

namespace Fairlead.SupplyChain.Tests;

public sealed class SpdxWriterTests
{
    [Fact]
    public void Packages_relations_and_licences_are_told_in_words_of_SPDX()
    {
        var document = Write(
            SbomOf.Package("A", "1.0") with { Licences = [new SbomLicence("MIT OR Apache-2.0"), new SbomLicence("ISC")] },
            SbomOf.Package("B", "1.0") with { Scope = SbomScope.Excluded, Licences = [new SbomLicence("LicenseRef-sha256-00") { Text = "Do as you like.", Source = "LICENSE.txt" }] },
            SbomOf.Package("C", "1.0") with { Licences = [new SbomLicence("GPL (any)")], Copyright = "© C" });
        document["documentNamespace"]!.GetValue<string>().ShouldBe("urn:uuid:3f8f0d2e-0000-8000-8000-000000000001");
        document["creationInfo"]!.ToJsonString().ShouldBe("""{"created":"1970-01-01T00:00:00Z","creators":["Tool: Fairlead-1.0.0","Organization: Shopkeepers"],"comment":"Made in the build phase."}""");
        var packages = document["packages"]!.AsArray().ToDictionary(x => x!["name"]!.GetValue<string>(), x => x!);
        packages["A"]["licenseDeclared"]!.GetValue<string>().ShouldBe("(MIT OR Apache-2.0) AND ISC");
        packages["A"]["copyrightText"]!.GetValue<string>().ShouldBe("NOASSERTION");
        packages["A"]["checksums"]![0]!["algorithm"]!.GetValue<string>().ShouldBe("SHA512");
        packages["B"]["licenseDeclared"]!.GetValue<string>().ShouldBe("LicenseRef-sha256-00");
        packages["C"]["licenseDeclared"]!.GetValue<string>().ShouldBe("LicenseRef-GPL--any-");
        packages["C"]["copyrightText"]!.GetValue<string>().ShouldBe("© C");
        document["hasExtractedLicensingInfos"]!.AsArray().Select(x => x!["extractedText"]!.GetValue<string>()).ShouldBe(["The component says 'GPL (any)'.", "Do as you like."]);
        document["relationships"]!.AsArray().Select(x => $"{x!["spdxElementId"]} {x["relationshipType"]} {x["relatedSpdxElement"]}").ShouldBe([
            "SPDXRef-DOCUMENT DESCRIBES SPDXRef-application-shop-1.0",
            "SPDXRef-application-shop-1.0 DEPENDS_ON SPDXRef-pkg-nuget-A-1.0",
            "SPDXRef-pkg-nuget-B-1.0 DEV_DEPENDENCY_OF SPDXRef-application-shop-1.0",
            "SPDXRef-application-shop-1.0 DEPENDS_ON SPDXRef-pkg-nuget-C-1.0",
        ]);
    }

    [Fact]
    public void Names_that_differ_in_signs_only_keep_ids_of_their_own() =>
        Write(SbomOf.Package("A_B", "1.0"), SbomOf.Package("A-B", "1.0"))["packages"]!.AsArray().Select(x => x!["SPDXID"]!.GetValue<string>()).ShouldBeUnique();

    static JsonNode Write(params SbomComponent[] components) => JsonNode.Parse(SpdxWriter.Write(SbomOf.Components(components)))!;
}
