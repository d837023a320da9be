using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class VersionSettingsTests
{
    [Fact]
    public void Prefix_and_next_version_are_read_and_everything_else_is_named()
    {
        var settings = VersionSettings.Parse("tag-prefix: 'release-'\nnext-version: 2.1\nmode: ContinuousDelivery\nbranches:\n  main:\n    label: x\n");
        settings.NextVersion.ShouldBe(new SemanticVersion(2, 1, 0));
        settings.VersionOf("release-1.2.3").ShouldBe(new SemanticVersion(1, 2, 3));
        settings.VersionOf("v1.2.3").ShouldBeNull();
        settings.Warnings.Select(x => x.ToString().Split('\n')[0].TrimEnd()).ShouldBe(
            ["GitVersion.yml:3:1: 'mode' is not honoured yet.", "GitVersion.yml:4:1: 'branches' is not honoured yet."]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    public void An_empty_file_means_the_defaults(string text)
    {
        var settings = VersionSettings.Parse(text);
        settings.VersionOf("V1.2.3").ShouldBe(new SemanticVersion(1, 2, 3));
        settings.VersionOf("x1.2.3").ShouldBeNull();
    }

    [Theory]
    [InlineData("a: [", "GitVersion.yml")]
    [InlineData("- a", "GitVersion.yml:1:1")]
    [InlineData("\ntag-prefix: '('", "GitVersion.yml:2:13")]
    [InlineData("next-version: two\ntag-prefix: [a]", "GitVersion.yml:1:15")]
    public void A_mistake_is_shown_with_its_place(string text, string place) =>
        Should.Throw<ProblemsException>(() => VersionSettings.Parse(text)).Message.ShouldContain(place);

    [Fact]
    public void All_mistakes_are_shown_at_once() =>
        Should.Throw<ProblemsException>(() => VersionSettings.Parse("next-version: two\ntag-prefix: [a]")).Problems.Count.ShouldBe(2);

    [Fact]
    public void The_file_of_this_repository_needs_nothing_that_is_not_honoured()
    {
        var root = AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists()).ShouldNotBeNull();
        (root / VersionSettings.FileName).FileExists().ShouldBeTrue();
        VersionSettings.Load(root).Warnings.ShouldBeEmpty();
    }
}
