namespace Fairlead.SupplyChain.Tests;

public sealed class SbomCompletenessTests
{
    [Fact]
    public void A_complete_bill_has_no_gap()
    {
        var completeness = SbomCompleteness.Check(SbomOf.Components(SbomOf.Package("A", "1.0")));
        completeness.IsComplete.ShouldBeTrue(completeness.ToTable());
        completeness.Summary.ShouldBe("The minimum elements (CISA 2026, NTIA 2021) of 2 components are complete.");
    }

    [Fact]
    public void Each_missing_element_of_a_component_is_named_with_its_reason()
    {
        var bare = new SbomComponent("x", SbomComponentKind.Library, "X", null);
        var completeness = SbomCompleteness.Check(SbomOf.Components(SbomOf.Package("A", "1.0"), bare));
        completeness.Gaps.Select(x => x.Element).ShouldBe(["Component Producer", "Component Version", "Software Identifiers", "Component Hash", "License"]);
        completeness.Gaps[4].Reason.ShouldBe("The package X declares no licence.");
        completeness.Gaps[3].Lists.ShouldBe("CISA 2026");
        completeness.ToTable().Split('\n').Length.ShouldBe(7);
        completeness.Summary.ShouldContain("License is missing 1 time,");
    }

    [Fact]
    public void Each_missing_element_of_the_document_is_named()
    {
        var sbom = SbomOf.Components() with { Author = null, Timestamp = null, Tools = [], Lifecycle = null, SerialNumber = null };
        SbomCompleteness.Check(sbom).Gaps.Select(x => x.Element).ShouldBe(["SBOM Author", "Timestamp", "Tool Name", "Generation Context", "SBOM Version", "Dependency Relationship"]);
    }

    [Fact]
    public void What_serves_development_only_is_not_asked_for_anything() =>
        SbomCompleteness.Check(SbomOf.Components(SbomOf.Package("A", "1.0"), new SbomComponent("x", SbomComponentKind.Library, "X", null) { Scope = SbomScope.Excluded })).IsComplete.ShouldBeTrue();
}
