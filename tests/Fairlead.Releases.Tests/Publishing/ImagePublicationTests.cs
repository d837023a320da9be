using Fairlead.Testing;
using Fairlead.Testing.Images;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class ImagePublicationTests : IDisposable
{
    static readonly DateTimeOffset Commit = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _temporary = new();
    readonly UploadClient _http = new();
    readonly Redactor _redactor = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose()
    {
        _http.Dispose();
        _temporary.Dispose();
    }

    ImagePublication Publication(FakeRegistry registry, string content = "1", RegistryCredentials? credentials = null, int chunk = 64 << 20, params string[] architectures)
    {
        var file = Root / $"{content}.oci.tar";
        var layers = new[] { TestImage.Gzip(TestImage.Tar(Commit, TestImage.File("base", "base"))), TestImage.Gzip(TestImage.Tar(Commit, TestImage.File("app/x", content))) };
        var image = ImageNormaliser.Normalise(
            TestImage.Layout(Root / "raw.tar", Commit, layers, "1654", architectures),
            file,
            ImageOrigin.Sdk,
            $"{registry.Host}/shop/web",
            "1.0",
            new ImageLabels { Title = "x", Version = "1.0", Revision = "r", Created = Commit });
        return new ImagePublication(file, image, new OciRegistry(_http, registry.Host, credentials, _redactor, TimeProvider.System) { ChunkSize = chunk });
    }

    [Fact]
    public async Task An_index_is_pushed_whole_and_a_second_time_nothing_is_sent()
    {
        using var registry = new FakeRegistry();
        var publication = Publication(registry, architectures: ["amd64", "arm64"]);
        (await publication.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Missing);
        var state = await publication.PublishAsync(CancellationToken.None);
        state.Status.ShouldBe(PublicationStatus.Published);
        publication.UploadedBlobs.ShouldBe(4, "Two configurations, and two layers that both images have.");
        TestImage.Digest(registry.Manifests["1.0"]).ShouldBe(state.Detail);
        registry.Manifests.Count.ShouldBe(4, "Two manifests, the index, and the tag.");

        var uploads = registry.Uploads.Count();
        var again = Publication(registry, architectures: ["amd64", "arm64"]);
        (await again.LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.AlreadyThere);
        (await again.PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.AlreadyThere);
        again.UploadedBlobs.ShouldBe(0);
        registry.Uploads.Count().ShouldBe(uploads);
    }

    [Fact]
    public async Task A_tag_that_names_something_else_is_not_moved_and_both_digests_are_told()
    {
        using var registry = new FakeRegistry();
        await Publication(registry).PublishAsync(CancellationToken.None);
        var before = registry.Manifests["1.0"];
        var other = Publication(registry, "2");
        var error = await Should.ThrowAsync<ProblemsException>(() => Publisher.PublishAsync([other], _ => { }, CancellationToken.None));
        error.Message.ShouldContain(TestImage.Digest(before));
        error.Message.ShouldContain(ImageFile.Read(Root / "2.oci.tar").Digest);
        await Should.ThrowAsync<UserErrorException>(() => other.PublishAsync(CancellationToken.None));
        registry.Manifests["1.0"].ShouldBe(before);
    }

    [Fact]
    public async Task Large_layers_go_in_parts()
    {
        using var registry = new FakeRegistry();
        await Publication(registry, chunk: 50).PublishAsync(CancellationToken.None);
        registry.Uploads.Count(x => x.StartsWith("PATCH", StringComparison.Ordinal)).ShouldBeGreaterThan(4);
        registry.Blobs.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_token_is_got_with_the_credentials_which_no_output_shows()
    {
        using var registry = new FakeRegistry("me", "p4ssw0rd!");
        await Publication(registry, credentials: new RegistryCredentials("me", "p4ssw0rd!")).PublishAsync(CancellationToken.None);
        registry.Manifests.ShouldContainKey("1.0");
        registry.Server.Requests.ShouldContain(x => x.StartsWith("GET /token?service=the%20registry&scope=repository%3Ashop%2Fweb%3Apull%2Cpush", StringComparison.Ordinal));
        _redactor.Redact("p4ssw0rd! the-token").ShouldBe("*** ***");

        var error = await Should.ThrowAsync<UserErrorException>(() => Publication(registry, credentials: new RegistryCredentials("me", "wrong-one")).LookAsync(CancellationToken.None));
        error.Message.ShouldContain("refuses 'me'");
        error = await Should.ThrowAsync<UserErrorException>(() => Publication(registry).LookAsync(CancellationToken.None));
        error.Remedy!.ShouldContain("docker login");
    }

    [Fact]
    public async Task Credentials_are_not_sent_where_there_is_no_https()
    {
        using var registry = new FakeRegistry("me", "p4ssw0rd!") { Realm = "http://registry.example/token" };
        var error = await Should.ThrowAsync<UserErrorException>(() => Publication(registry, credentials: new RegistryCredentials("me", "p4ssw0rd!")).LookAsync(CancellationToken.None));
        error.Message.ShouldContain("no https address");
    }

    [Fact]
    public async Task What_passes_is_tried_again()
    {
        using var registry = new FakeRegistry { Failing = 1 };
        (await Publication(registry).PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Published);
    }

    [Fact]
    public void An_image_without_a_registry_goes_nowhere()
    {
        var image = new ImageReference("shop/web", "1", "sha256:x");
        ImagePublication.RegistryOf(image).ShouldBeNull();
        ImagePublication.RegistryOf(image with { Repository = "localhost/web" }).ShouldBe("localhost");
        Should.Throw<UserErrorException>(() => new ImagePublication(Root / "x", image, new OciRegistry(_http, "registry.example", null, _redactor, TimeProvider.System))).Remedy!.ShouldContain("ImageRepository");
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_asked_for_again()
    {
        var asked = 0;
        using var server = new FakeServer((_, _, response) =>
        {
            if (++asked > 1)
                return "whole"u8.ToArray();
            response.ContentLength64 = 100;
            response.OutputStream.Write("cut"u8);
            response.OutputStream.Flush();
            response.Abort();
            return null;
        });
        var http = new RetryingHttp(_http, TimeProvider.System);
        var answer = await http.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url)),
            x => RetryingHttp.ReadBoundedAsync(x, 1000, "The server", CancellationToken.None),
            "The server",
            CancellationToken.None);
        System.Text.Encoding.UTF8.GetString(answer).ShouldBe("whole");
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task Docker_Hub_answers_under_another_name_than_images_have()
    {
        using var handler = new Recording();
        using var client = new HttpClient(handler);
        var hub = new OciRegistry(client, "docker.io", null, _redactor, TimeProvider.System);
        var image = new ImageReference("docker.io/web", "1", $"sha256:{new string('0', 64)}");
        (await new ImagePublication(Root / "x", image, hub).LookAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Missing);
        handler.Asked.ShouldBe(["https://registry-1.docker.io/v2/library/web/manifests/1"]);
    }

    [Fact]
    public async Task A_credential_helper_is_asked_before_the_file_and_Docker_Hub_under_its_old_address()
    {
        (Root / "config.json").WriteAllText("""
            { "auths": { "https://index.docker.io/v1/": { "auth": "bWU6aHVi" }, "one.example": { "auth": "bWU6b2xk" }, "https://two.example/v1/": { "auth": "bWU6dHdv" } }, "credHelpers": { "one.example": "vault" } }
            """);
        var processes = new FakeProcessRunner().When(x => x.Tool == "docker-credential-vault" && x.StandardInput == "one.example", 0, """{"Username":"me","Secret":"fresh"}""");
        async Task<RegistryCredentials?> FindAsync(string host) => await RegistryCredentials.FindAsync(host, Root, processes, _redactor, CancellationToken.None);
        (await FindAsync("one.example"))!.Password.ShouldBe("fresh");
        (await FindAsync("docker.io"))!.Password.ShouldBe("hub");
        (await FindAsync("two.example"))!.Password.ShouldBe("two");
        (Root / "config.json").WriteAllText("""{ "auths": {}, "auths": {} }""");
        (await Should.ThrowAsync<UserErrorException>(() => FindAsync("one.example"))).Message.ShouldContain("auths");
    }

    [Fact]
    public async Task Docker_login_is_found_in_its_file_or_with_its_helper()
    {
        (Root / "config.json").WriteAllText("""
            { "auths": { "one.example": { "auth": "bWU6czNjcmV0LTE=" }, "two.example": { "identitytoken": "s3cret-2" } }, "credHelpers": { "three.example": "vault" } }
            """);
        var processes = new FakeProcessRunner().When(x => x.Tool == "docker-credential-vault" && x.StandardInput == "three.example", 0, """{"Username":"<token>","Secret":"s3cret-3"}""");
        async Task<RegistryCredentials?> FindAsync(string host) => await RegistryCredentials.FindAsync(host, Root, processes, _redactor, CancellationToken.None);
        (await FindAsync("one.example")).ShouldBe(new RegistryCredentials("me", "s3cret-1"));
        (await FindAsync("two.example"))!.IdentityToken.ShouldBe("s3cret-2");
        (await FindAsync("three.example"))!.IdentityToken.ShouldBe("s3cret-3");
        (await FindAsync("four.example")).ShouldBeNull();
        _redactor.Redact("s3cret-1 s3cret-2 s3cret-3").ShouldBe("*** *** ***");
        (Root / "config.json").WriteAllText("{");
        (await Should.ThrowAsync<UserErrorException>(() => FindAsync("one.example"))).Message.ShouldContain("is no JSON");
    }

    sealed class Recording : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.AbsoluteUri);
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NotFound));
        }
    }
}
