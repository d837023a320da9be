using System.Text.Json;

namespace Fairlead.Versioning.Tests;

public sealed class VersionVariablesTextTests
{
    [Fact]
    public void Json_has_GitVersions_names_and_types_in_alphabetical_order()
    {
        using var json = JsonDocument.Parse(VersionVariablesText.ToJson(SampleVariables.Of("1.2.3-beta.4")));
        var names = json.RootElement.EnumerateObject().Select(x => x.Name).ToList();
        names.ShouldBe(names.Order(StringComparer.Ordinal));
        names.ShouldBe(VersionVariablesText.Names);

        using var schema = JsonDocument.Parse(RecordedData.Path("gitversion-6.8.2/schemas/GitVersion.json").ReadAllText());
        foreach (var property in schema.RootElement.GetProperty("properties").EnumerateObject())
        {
            var kind = json.RootElement.GetProperty(property.Name).ValueKind;
            var expected = property.Value.GetProperty("type")[0].GetString() == "integer" ? JsonValueKind.Number : JsonValueKind.String;
            kind.ShouldBe(expected, property.Name);
        }
    }

    [Fact]
    public void A_number_that_is_not_there_is_null_and_a_text_that_is_not_there_is_empty()
    {
        using var json = JsonDocument.Parse(VersionVariablesText.ToJson(SampleVariables.Of("1.2.3") with { AssemblySemVer = null, BuildMetaData = null }));
        json.RootElement.GetProperty("PreReleaseNumber").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("BuildMetaData").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("AssemblySemVer").GetString().ShouldBe("");
        json.RootElement.GetProperty("PreReleaseTag").GetString().ShouldBe("");
    }

    [Fact]
    public void Every_variable_of_the_record_is_written() =>
        typeof(VersionVariables).GetProperties().Select(x => x.Name).Order(StringComparer.Ordinal).ShouldBe(VersionVariablesText.Names);

    [Fact]
    public void The_lines_for_shells_are_quoted_and_no_branch_name_gets_out_of_its_quotes()
    {
        var lines = VersionVariablesText.ToDotEnv(SampleVariables.Of("1.2.3-beta.4") with { BranchName = "x';touch y;'", AssemblySemVer = null });
        lines.ShouldContain("GitVersion_SemVer='1.2.3-beta.4'\n");
        lines.ShouldContain("GitVersion_Major='1'\n");
        lines.ShouldContain("GitVersion_AssemblySemVer=''\n");
        lines.ShouldContain(@"GitVersion_BranchName='x'\'';touch y;'\'''" + "\n");
        lines.Split('\n').Length.ShouldBe(VersionVariablesText.Names.Length + 1);
    }

    [Fact]
    public void The_text_for_people_has_one_line_for_each()
    {
        var text = VersionVariablesText.ToText(SampleVariables.Of("1.2.3"));
        text.ShouldContain("SemVer                     1.2.3\n");
        text.ShouldContain("PreReleaseTag\n");
    }

    [Theory]
    [InlineData("semver", "1.2.3-beta.4")]
    [InlineData("PreReleaseNumber", "4")]
    [InlineData("NuGetVersion", null)]
    public void One_variable_is_found_by_its_name(string name, string? value) => VersionVariablesText.Find(SampleVariables.Of("1.2.3-beta.4"), name).ShouldBe(value);
}
