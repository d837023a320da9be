namespace Fairlead.Versioning.Tests;

public sealed class WorkflowTests
{
    [Theory]
    [InlineData("GitFlow/v1")]
    [InlineData("GitHubFlow/v1")]
    [InlineData("TrunkBased/preview1")]
    public void A_workflow_has_the_settings_that_GitVersion_documents_key_by_key(string name)
    {
        var reading = new FileReading("workflow.yml");
        var file = YamlReader.Read(RecordedData.Path($"gitversion-6.8.2/workflows/{name}.yml").ReadAllText(), reading).ShouldNotBeNull();
        var documented = VersioningConfigurationReader.Over(Blank(name), file, reading);
        reading.Problems.ShouldBeEmpty();
        ConfigurationText.Of(Workflows.Named(name)).ShouldBe(ConfigurationText.Of(documented));
    }

    // Nothing that the files say may already be there, or a wrong setting of ours could hide behind it.
    static VersioningConfiguration Blank(string name) => new()
    {
        Workflow = name,
        TagPrefix = "?",
        VersionInBranchPattern = "?",
        Strategies = VersionStrategies.None,
        TagPreReleaseWeight = -1,
        CommitDateFormat = "?",
        UpdateBuildNumber = false,
        SemanticVersionFormat = (SemanticVersionFormat)(-1),
        AssemblyVersioningScheme = AssemblyVersioningScheme.None,
        AssemblyFileVersioningScheme = AssemblyVersioningScheme.None,
        Defaults = new BranchConfiguration(),
        Branches = [],
    };
}
