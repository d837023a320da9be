using System.IO.Compression;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class NuGetPublicationTests : IDisposable
{
    static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _temporary = new();
    readonly UploadClient _http = new();
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
    public void A_signature_beside_another_one_makes_no_other_package_and_another_content_does()
    {
        Stream Of(string name, string signature, string content) =>
            File.OpenRead(TestPackage.Write(Root / name, "Shop.Client", "1.2.0", "aaaa", Time, extra: (".signature.p7s", signature), content: content));
        using var own = Of("1.nupkg", "author", "program");
        using var countersigned = Of("2.nupkg", "author and repository", "program");
        using var other = Of("3.nupkg", "author", "progran");
        using var longer = Of("4.nupkg", "author", "program and more");
        using var none = new MemoryStream("no zip"u8.ToArray());
        NuGetPackageFile.AreSame(own, countersigned).ShouldBeTrue();
        NuGetPackageFile.AreSame(own, other).ShouldBeFalse();
        NuGetPackageFile.AreSame(own, longer).ShouldBeFalse();
        NuGetPackageFile.AreSame(own, none).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_is_not_sent_on_to_where_a_feed_redirects_and_nothing_counts_as_published()
    {
        var key = "none";
        using var elsewhere = new FakeServer((request, _, _) =>
        {
            key = request.Headers["X-NuGet-ApiKey"];
            return null;
        });
        using var feed = new FakeNuGetFeed { PushAnswer = (307, elsewhere.Url) };
        var error = await Should.ThrowAsync<UserErrorException>(async () => await (await PublicationAsync(feed.Index, Package())).PublishAsync(CancellationToken.None));
        error.Message.ShouldContain("307");
        error.Message.ShouldContain("where nothing was sent");
        key.ShouldBe("none");
        elsewhere.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    public async Task What_a_feed_has_taken_and_does_not_show_is_told(int status)
    {
        using var feed = new FakeNuGetFeed { PushAnswer = (status, null) };
        (await (await PublicationAsync(feed.Index, Package())).PublishAsync(CancellationToken.None)).ToString().ShouldBe("published (the feed has taken it and does not show it yet)");
    }

    [Theory]
    [InlineData(204)]
    [InlineData(203)]
    public async Task An_answer_that_no_feed_gives_is_no_publication(int status)
    {
        using var feed = new FakeNuGetFeed { PushAnswer = (status, null) };
        (await Should.ThrowAsync<UserErrorException>(async () => await (await PublicationAsync(feed.Index, Package())).PublishAsync(CancellationToken.None))).Message.ShouldContain($"answered {status}");
    }

    [Fact]
    public async Task Packages_that_lie_on_another_host_are_compared_and_the_sign_in_stays_at_the_first()
    {
        var package = await File.ReadAllBytesAsync(Package());
        string? authorisation = "none";
        using var elsewhere = new FakeServer((request, _, _) =>
        {
            authorisation = request.Headers["Authorization"];
            return package;
        });
        using var feed = new FakeNuGetFeed { SignIn = "me:p4ssw0rd", PackagesElsewhere = elsewhere.Url };
        var error = await Should.ThrowAsync<UserErrorException>(() => NuGetFeed.OpenAsync(_http, feed.Index, TimeProvider.System, CancellationToken.None));
        error.Remedy!.ShouldContain("wants a sign-in for reading");
        var opened = await NuGetFeed.OpenAsync(_http, feed.Index, new RegistryCredentials("me", "p4ssw0rd"), TimeProvider.System, CancellationToken.None);
        var publication = new NuGetPublication(Root / "Shop.Client.1.2.0.nupkg", opened, _ => Task.FromResult<string?>("the-nuget-key"));
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.AlreadyThere);
        authorisation.ShouldBeNull();
    }

    [Fact]
    public async Task A_file_that_was_changed_after_verification_does_not_arrive()
    {
        using var feed = new FakeNuGetFeed();
        var digest = Sha256.OfFile(Package()).Digest;
        var opened = await NuGetFeed.OpenAsync(_http, feed.Index, TimeProvider.System, CancellationToken.None);
        NuGetPublication Publication() => new(Root / "Shop.Client.1.2.0.nupkg", opened, _ => Task.FromResult<string?>("the-nuget-key"), digest);
        var publication = Publication();
        Package(content: "another program");
        (await Should.ThrowAsync<UserErrorException>(() => publication.PublishAsync(CancellationToken.None))).Message.ShouldContain(digest);
        feed.Packages.ShouldBeEmpty();
        Package();
        (await Publication().PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Published);
    }

    [Fact]
    public async Task One_that_fails_keeps_the_others_from_nothing()
    {
        (Root / "feed").CreateDirectory();
        List<IPublication> publications =
        [
            new Failing(new IOException("the disk is full")),
            new Failing(new HttpRequestException("no route")),
            await PublicationAsync(Root / "feed", Package(), key: null),
        ];
        var error = await Should.ThrowAsync<ProblemsException>(() => Publisher.PublishAsync(publications, _ => { }, CancellationToken.None));
        error.Message.ShouldContain("the disk is full");
        error.Message.ShouldContain("no route");
        (Root / "feed").GetFiles().Count.ShouldBe(1);

        List<IPublication> blind = [new Failing(new IOException("one"), looks: false), new Failing(new IOException("two"), looks: false)];
        (await Should.ThrowAsync<ProblemsException>(() => Publisher.PlanAsync(blind, CancellationToken.None))).Problems.Count.ShouldBe(2);
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
    public void Who_one_is_to_a_source_is_found_in_the_configuration_or_a_variable()
    {
        (Root / "nuget.config").WriteAllText("""
            <configuration><packageSourceCredentials><company_x0020_feed><add key="Username" value="me" /><add key="ClearTextPassword" value="%FEED_PASSWORD%" /></company_x0020_feed></packageSourceCredentials></configuration>
            """);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["FEED_PASSWORD"] = "p4ssw0rd", ["NuGetPackageSourceCredentials_other"] = "Username=you;Password=s3cret-9" };
        NuGetSourceCredentials.Find("Company Feed", Root / "below", environment, _redactor).ShouldBe(new RegistryCredentials("me", "p4ssw0rd"));
        NuGetSourceCredentials.Find("other", Root, environment, _redactor).ShouldBe(new RegistryCredentials("you", "s3cret-9"));
        NuGetSourceCredentials.Find("third", Root, environment, _redactor).ShouldBeNull();
        _redactor.Redact("p4ssw0rd s3cret-9").ShouldBe("*** ***");
    }

    [Fact]
    public async Task A_source_is_found_by_its_name()
    {
        var processes = new FakeProcessRunner().When(x => x.Arguments.Contains("source"), 0, "Registered Sources:", "  1.  company feed [Enabled]", "      https://feed.example/v3/index.json", "  2.  local [Disabled]", "      /feed");
        (await NuGetSource.ResolveAsync("Company Feed", Root, processes, CancellationToken.None)).ShouldBe("https://feed.example/v3/index.json");
        (await NuGetSource.ResolveAsync("https://x.example/index.json", Root, processes, CancellationToken.None)).ShouldBe("https://x.example/index.json");
        (await Should.ThrowAsync<UserErrorException>(() => NuGetSource.ResolveAsync("compny feed", Root, processes, CancellationToken.None))).Remedy.ShouldBe("Did you mean 'company feed'?");
    }

    sealed class Failing(Exception error, bool looks = true) : IPublication
    {
        public string Name => "x";

        public string Destination => "there";

        public Task<PublicationState> LookAsync(CancellationToken cancellationToken) => looks ? Task.FromResult(new PublicationState(PublicationStatus.Missing)) : Task.FromException<PublicationState>(error);

        public Task<PublicationState> PublishAsync(CancellationToken cancellationToken) => Task.FromException<PublicationState>(error);
    }
}
