using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class ImageConfigTests
{
    static JsonObject User(string user) => new() { ["config"] = new JsonObject { ["User"] = user } };

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00")]
    [InlineData("+0")]
    [InlineData("-0")]
    [InlineData("+00:1654")]
    [InlineData("root:app")]
    public void Root_is_found_under_all_its_names(string user) => Should.Throw<UserErrorException>(() => ImageUser.Check(User(user)));

    [Theory]
    [InlineData("1654")]
    [InlineData("app:0")]
    [InlineData("010")]
    [InlineData("+")]
    public void Others_are_no_root(string user) => ImageUser.Check(User(user));

    [Fact]
    public void What_a_base_image_says_about_itself_is_not_said_of_the_image_of_a_Dockerfile()
    {
        var labels = new ImageLabels { Title = "x", Version = "1.0", Revision = "r", Created = DateTimeOffset.UnixEpoch };
        JsonObject Complete(bool isOwn)
        {
            var inherited = new JsonObject { ["com.example"] = "kept" };
            foreach (var key in new[] { "licenses", "base.name", "base.digest", "vendor", "authors", "description", "documentation", "url", "source", "version" })
                inherited[$"org.opencontainers.image.{key}"] = "of/theirs";
            var config = new JsonObject { ["config"] = new JsonObject { ["Labels"] = inherited } };
            ImageConfig.Complete(config, [], labels, isOwn);
            return (JsonObject)config["config"]!["Labels"]!;
        }

        Complete(isOwn: false).Select(x => x.Key).ShouldBe(["com.example", .. "created revision title version".Split(' ').Select(x => $"org.opencontainers.image.{x}")]);
        Complete(isOwn: true).ShouldContainKey("org.opencontainers.image.vendor");
    }

    [Fact]
    public void An_image_is_loaded_into_the_engine_whatever_builder_made_it()
    {
        var file = AbsolutePath.Create(Path.Combine(Path.GetTempPath(), "Dockerfile"));
        Docker.Build(file, file.Parent, "x:1", hasBuildx: true).Arguments.ShouldBe(["buildx", "build", "--load", "--file", file, "--tag", "x:1", file.Parent]);
        Docker.Build(file, file.Parent, "x:1").Arguments.ShouldBe(["build", "--file", file, "--tag", "x:1", file.Parent], "An engine without buildx knows no --load.");
    }
}
