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

    NpmPublication Publication(string version = "1.2.0", string? token = "the-npm-token", string? digest = null)
    {
        File.WriteAllBytes(Root / "x.tgz", TestImage.Gzip(TestImage.Tar(DateTimeOffset.UnixEpoch, TestImage.File("package/package.json", $$"""{ "name": "@shop/client", "version": "{{version}}" }"""))));
        return new NpmPublication(Root / "x.tgz", "https://npm.example", token, _processes, Root, new Redactor(), digest);
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
        Shows(own: true);
        (await Publication().PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Published);
        var command = _processes.Commands[0];
        command.Arguments.ShouldContain("--@shop:registry=https://npm.example/");
        command.Arguments.ShouldNotContain("--provenance");
        command.Display.ShouldNotContain("the-npm-token");
        command.Environment.ShouldContainKeyAndValue("FAIRLEAD_NPM_TOKEN", "the-npm-token");
        configuration.ShouldBe("//npm.example/:_authToken=${FAIRLEAD_NPM_TOKEN}\n");
        Root.GetDirectories().ShouldBeEmpty();
    }

    void Shows(bool own) => _processes.When(x => x.Arguments[0] == "view", _ => new ProcessResult(
        0, [new OutputLine(OutputKind.Out, $$"""{ "integrity": "{{(own ? $"sha512-{Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(Root / "x.tgz")))}" : "sha512-other")}}" }""")], TimeSpan.Zero));

    [Fact]
    public async Task What_npm_has_published_is_looked_at_where_it_should_be()
    {
        _processes.When(x => x.Arguments[0] == "publish");
        _processes.When(x => x.Arguments[0] == "view", 0);
        (await Publication().PublishAsync(CancellationToken.None)).Detail.ShouldContain("does not show it yet");
        _processes.Commands[1].Arguments.ShouldContain("--@shop:registry=https://npm.example/");
        Shows(own: false);
        (await Should.ThrowAsync<UserErrorException>(() => Publication().PublishAsync(CancellationToken.None))).Message.ShouldStartWith("After publishing");
    }

    [Fact]
    public async Task A_package_that_was_changed_after_verification_is_not_published()
    {
        (await Should.ThrowAsync<UserErrorException>(() => Publication(digest: $"sha256:{new string('0', 64)}").PublishAsync(CancellationToken.None))).Message.ShouldContain("It is not published");
        _processes.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_has_no_token_is_told_a_variable_and_nothing_for_a_command_line()
    {
        _processes.When(x => x.Arguments[0] == "publish", 1, "E401");
        _processes.When(x => x.Arguments[0] == "view", 0);
        var error = await Should.ThrowAsync<UserErrorException>(() => Publication(token: null).PublishAsync(CancellationToken.None));
        error.Remedy!.ShouldContain("FAIRLEAD_NPM_TOKEN");
        error.Remedy!.ShouldNotContain("--npm-token");
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
        Should.Throw<UserErrorException>(() => new NpmPublication(Root / "y.tgz", "https://npm.example", null, _processes, Root, new Redactor())).Message.ShouldContain("is no npm package");
        Publication();
        Should.Throw<UserErrorException>(() => new NpmPublication(Root / "x.tgz", "http://npm.example", null, _processes, Root, new Redactor())).Message.ShouldContain("no https address");
    }
}
