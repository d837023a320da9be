using System.IO.Compression;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class NuGetPublicationTests : IDisposable
{
    static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _temporary = new();
    readonly HttpClient _http = new();
    readonly Redactor _redactor = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose()
    {
        _http.Dispose();
        _temporary.Dispose();
    }

    AbsolutePath Package(string name = "Shop.Client.1.2.0.nupkg", string content = "program") =>
        TestPackage.Write(Root / name, "Shop.Client", "1.2.0+build.7", "aaaa", Time, content: content);

    async Task<NuGetPublication> PublicationAsync(string source, AbsolutePath file, string? key = "the-nuget-key") =>
        new(file, await NuGetFeed.OpenAsync(_http, source, TimeProvider.System, CancellationToken.None), _ => Task.FromResult(key));

    [Fact]
    public async Task A_package_and_its_symbols_are_published_once()
    {
        using var feed = new FakeNuGetFeed();
        List<IPublication> publications =
        [
            await PublicationAsync(feed.Index, Package()),
            await PublicationAsync(feed.Index, Package("Shop.Client.1.2.0.snupkg")),
        ];
        (await Publisher.PlanAsync(publications, CancellationToken.None)).Select(x => x.State.Status).ShouldBe([PublicationStatus.Missing, PublicationStatus.Unknown]);
        (await Publisher.PublishAsync(publications, _ => { }, CancellationToken.None)).ShouldAllBe(x => x.State.Status == PublicationStatus.Published);
        feed.Packages.Keys.Order(StringComparer.Ordinal).ShouldBe(["shop.client/1.2.0/shop.client.1.2.0.nupkg", "symbols:Shop.Client.1.2.0.snupkg"]);
        (await Publisher.PublishAsync(publications, _ => { }, CancellationToken.None)).ShouldAllBe(x => x.State.Status == PublicationStatus.AlreadyThere);
        feed.Server.Requests.Count(x => x == "PUT /api/v2/package").ShouldBe(1);
    }

    [Fact]
    public async Task Other_bytes_under_the_same_version_are_refused_and_nothing_else_is_published()
    {
        using var feed = new FakeNuGetFeed();
        await (await PublicationAsync(feed.Index, Package())).PublishAsync(CancellationToken.None);
        var other = TestPackage.Write(Root / "Shop.Other.1.2.0.nupkg", "Shop.Other", "1.2.0", "aaaa", Time);
        List<IPublication> publications = [await PublicationAsync(feed.Index, other), await PublicationAsync(feed.Index, Package(content: "another program"))];
        var error = await Should.ThrowAsync<ProblemsException>(() => Publisher.PublishAsync(publications, _ => { }, CancellationToken.None));
        error.Message.ShouldContain("something else is there");
        feed.Packages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_signature_that_the_feed_has_added_makes_no_other_package()
    {
        using var feed = new FakeNuGetFeed();
        var publication = await PublicationAsync(feed.Index, Package());
        await publication.PublishAsync(CancellationToken.None);
        File.WriteAllBytes(Root / "signed.nupkg", feed.Packages.Single().Value);
        using (var zip = ZipFile.Open(Root / "signed.nupkg", ZipArchiveMode.Update))
            zip.CreateEntry(".signature.p7s");
        feed.Packages[feed.Packages.Keys.Single()] = File.ReadAllBytes(Root / "signed.nupkg");
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.AlreadyThere);
    }

    [Fact]
    public async Task A_feed_that_cannot_tell_is_asked_by_pushing()
    {
        using var feed = new FakeNuGetFeed { ShowsPackages = false };
        var publication = await PublicationAsync(feed.Index, Package());
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Unknown);
        (await publication.PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Published);
        (await publication.PublishAsync(CancellationToken.None)).ToString().ShouldBe("already there (the feed does not tell whether it is the same)");
    }

    [Fact]
    public async Task A_directory_is_a_feed_too()
    {
        (Root / "feed").CreateDirectory();
        var publication = await PublicationAsync(Root / "feed", Package(), key: null);
        (await publication.PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Published);
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.AlreadyThere);
        (await (await PublicationAsync(Root / "feed", Package(content: "x"))).LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Different);
    }

    [Fact]
    public async Task A_wrong_key_and_no_key_are_told_apart()
    {
        using var feed = new FakeNuGetFeed();
        var wrong = await Should.ThrowAsync<UserErrorException>(async () => await (await PublicationAsync(feed.Index, Package(), "wrong")).PublishAsync(CancellationToken.None));
        wrong.Message.ShouldContain("refuses the key: 403");
        var none = await Should.ThrowAsync<UserErrorException>(async () => await (await PublicationAsync(feed.Index, Package(), null)).PublishAsync(CancellationToken.None));
        none.Remedy!.ShouldContain("trusted publishing");
    }

    [Fact]
    public async Task A_feed_without_https_gets_nothing() =>
        (await Should.ThrowAsync<UserErrorException>(() => NuGetFeed.OpenAsync(_http, "http://feed.example/index.json", TimeProvider.System, CancellationToken.None))).Message.ShouldContain("not reached by https");

    [Fact]
    public async Task A_key_for_one_run_is_got_from_the_feed_that_trusts_the_build_server()
    {
        using var feed = new FakeNuGetFeed();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ACTIONS_ID_TOKEN_REQUEST_URL"] = $"{feed.Server.Url}/identity?api-version=2",
            ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "the-run-token",
        };
        NuGetTrustedPublishing.IsAvailable(environment).ShouldBeTrue();
        var opened = await NuGetFeed.OpenAsync(_http, feed.Index, TimeProvider.System, CancellationToken.None);
        var key = await NuGetTrustedPublishing.GetKeyAsync(_http, opened, "me", environment, _redactor, TimeProvider.System, CancellationToken.None);
        key.ShouldBe("the-nuget-key");
        feed.TokenRequest.ShouldBe("""{"username":"me","tokenType":"ApiKey"}""");
        _redactor.Redact("the-run-token the-identity the-nuget-key").ShouldBe("*** *** ***");
        environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "another-token";
        (await Should.ThrowAsync<UserErrorException>(() => NuGetTrustedPublishing.GetKeyAsync(_http, opened, "me", environment, _redactor, TimeProvider.System, CancellationToken.None))).Remedy!.ShouldContain("id-token: write");
    }

    [Fact]
    public async Task A_source_is_found_by_its_name()
    {
        var processes = new FakeProcessRunner().When(x => x.Arguments.Contains("source"), 0, "Registered Sources:", "  1.  company feed [Enabled]", "      https://feed.example/v3/index.json", "  2.  local [Disabled]", "      /feed");
        (await NuGetSource.ResolveAsync("Company Feed", Root, processes, CancellationToken.None)).ShouldBe("https://feed.example/v3/index.json");
        (await NuGetSource.ResolveAsync("https://x.example/index.json", Root, processes, CancellationToken.None)).ShouldBe("https://x.example/index.json");
        (await Should.ThrowAsync<UserErrorException>(() => NuGetSource.ResolveAsync("compny feed", Root, processes, CancellationToken.None))).Remedy.ShouldBe("Did you mean 'company feed'?");
    }
}
