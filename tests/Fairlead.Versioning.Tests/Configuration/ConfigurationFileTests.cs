using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class ConfigurationFileTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-configuration-").FullName);

    [Theory]
    [InlineData("GitVersion.yml")]
    [InlineData("GitVersion.yaml")]
    [InlineData(".GitVersion.yml")]
    [InlineData(".gitversion.YAML")]
    public void The_file_is_found_in_the_root(string name)
    {
        (_root / name).WriteAllText("workflow: GitHubFlow/v1\n");
        (_root / "sub").CreateDirectory();
        (_root / "sub" / "GitVersion.yml").WriteAllText("wrong: 1\n");
        VersioningConfigurationReader.Load(_root).Workflow.ShouldBe("GitHubFlow/v1");
    }

    [Fact]
    public void Without_a_file_the_default_applies() => VersioningConfigurationReader.Load(_root).ShouldBe(VersioningConfigurationReader.Default);

    [Fact]
    public void Two_files_are_a_problem()
    {
        (_root / "GitVersion.yml").WriteAllText("");
        (_root / ".gitversion.yml").WriteAllText("");
        Should.Throw<ProblemsException>(() => VersioningConfigurationReader.Load(_root)).Message.ShouldContain(".gitversion.yml, GitVersion.yml");
    }

    [Fact]
    public void A_mistake_is_shown_under_the_name_of_the_file()
    {
        (_root / ".GitVersion.yml").WriteAllText("\uFEFFmodes: 1\n");
        Should.Throw<ProblemsException>(() => VersioningConfigurationReader.Load(_root)).Message.ShouldStartWith(".GitVersion.yml:1:1: There is no key 'modes' here.");
    }

    [Fact]
    public void The_file_of_this_repository_is_read_without_a_warning() =>
        VersioningConfigurationReader.Load(RecordedData.RepositoryRoot).Warnings.ShouldBeEmpty();

    public void Dispose() => _root.DeleteDirectory();
}
