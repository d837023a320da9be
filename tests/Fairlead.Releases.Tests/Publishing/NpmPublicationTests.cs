using System.Security.Cryptography;
using Fairlead.Testing;
using Fairlead.Testing.Images;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class NpmPublicationTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly FakeProcessRunner _processes = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose() => _temporary.Dispose();

    NpmPublication Publication(string version = "1.2.0", string? token = "the-npm-token")
    {
        File.WriteAllBytes(Root / "x.tgz", TestImage.Gzip(TestImage.Tar(DateTimeOffset.UnixEpoch, TestImage.File("package/package.json", $$"""{ "name": "@shop/client", "version": "{{version}}" }"""))));
        return new NpmPublication(Root / "x.tgz", "https://npm.example", token, provenance: token is null, _processes, Root, new Redactor());
    }

    [Fact]
    public async Task The_token_is_on_no_command_line_and_in_no_file()
    {
        var configuration = "";
        _processes.When(x => x.Arguments[0] == "publish", x =>
        {
            configuration = File.ReadAllText(x.Arguments[x.Arguments.IndexOf("--userconfig") + 1]);
            return new ProcessResult(0, [], TimeSpan.Zero);
        });
        (await Publication().PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Published);
        var command = _processes.Commands.Single();
        command.Display.ShouldNotContain("the-npm-token");
        command.Environment.ShouldContainKeyAndValue("FAIRLEAD_NPM_TOKEN", "the-npm-token");
        configuration.ShouldBe("//npm.example/:_authToken=${FAIRLEAD_NPM_TOKEN}\n");
        Root.GetDirectories().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_there_is_compared_by_its_digest()
    {
        var publication = Publication();
        var own = $"sha512-{Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(Root / "x.tgz")))}";
        _processes.When(x => x.Arguments[0] == "view", 0, $$"""{ "integrity": "{{own}}" }""");
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.AlreadyThere);
        _processes.When(x => x.Arguments[0] == "view", 0, """{ "integrity": "sha512-other" }""");
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Different);
        _processes.When(x => x.Arguments[0] == "view", 0);
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Missing);
        _processes.When(x => x.Arguments[0] == "view", 1, """{ "error": { "code": "E404" } }""");
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Missing);
        _processes.When(x => x.Arguments[0] == "view", 1, "E500");
        await Should.ThrowAsync<UserErrorException>(() => publication.LookAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("1.2.0", "latest")]
    [InlineData("1.2.0-rc.1", "rc")]
    [InlineData("1.2.0-4", "next")]
    [InlineData("1.2.0-0ab", "next")]
    public void Pre_releases_are_not_what_everybody_gets(string version, string tag) => Publication(version).DistributionTag.ShouldBe(tag);

    [Fact]
    public void What_is_no_package_is_refused()
    {
        (Root / "y.tgz").WriteAllText("x");
        Should.Throw<UserErrorException>(() => new NpmPublication(Root / "y.tgz", "https://npm.example", null, provenance: false, _processes, Root, new Redactor())).Message.ShouldContain("is no npm package");
        Publication();
        Should.Throw<UserErrorException>(() => new NpmPublication(Root / "x.tgz", "http://npm.example", null, provenance: false, _processes, Root, new Redactor())).Message.ShouldContain("no https address");
    }
}
