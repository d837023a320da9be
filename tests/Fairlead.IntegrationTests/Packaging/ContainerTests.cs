using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Images that are built here run in a real engine, from a real registry, by their digests.</summary>
public sealed class ContainerTests : IAsyncLifetime
{
    readonly AbsolutePath _directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-images-").FullName);
    PackedRepository _repository = null!;

    public async ValueTask InitializeAsync() => _repository = await PackedRepository.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        _directory.DeleteDirectory();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_image_of_the_SDK_is_published_once_and_answers_in_an_engine()
    {
        await using var registry = await LocalRegistry.StartAsync(_directory);
        await using var engine = await DockerEngine.StartAsync();
        await _repository.BuildAsync(_repository.Root, 0, null, "PackImages", "--container-base-image", registry.BaseImage, "--registry", registry.Host);
        await _repository.BuildAsync(_repository.Root, 0, null, "Seal", "--registry", registry.Host);
        var image = ImageFile.Read(_repository.Root / "artifacts" / "packages" / "images" / "shop.oci.tar");
        (await _repository.BuildAsync(_repository.Root, 0, null, "Publish", "--plan")).ShouldContain($"shop/shop:1.2.0 → {registry.Host}: to be published");
        (await _repository.BuildAsync(_repository.Root, 0, null, "Publish")).ShouldContain($"published ({image.Digest})");
        (await _repository.BuildAsync(_repository.Root, 0, null, "Publish")).ShouldContain("already there");
        (await registry.Client().FindManifestAsync("shop/shop", "1.2.0", CancellationToken.None)).ShouldBe(image.Digest);

        await AnswersAsync(engine, $"{image}", "14 coins");
        var inspected = JsonNode.Parse((await engine.RunAsync("image", "inspect", $"{image}")).StandardOutput)![0]!;
        ((string)inspected["Config"]!["User"]!).ShouldBe("1654");
        ((string)inspected["Config"]!["Labels"]!["org.opencontainers.image.version"]!).ShouldBe("1.2.0");

        // Another commit under the same tag: the tag stays where it is.
        _repository.Write("src/Shop.Client/Price.cs", "namespace Shop.Client; public static class Price { public static string Of(int count) => \"free\"; }");
        await _repository.CommitAndRetagAsync();
        await _repository.BuildAsync(_repository.Root, 0, null, "PackImages", "Seal", "--container-base-image", registry.BaseImage, "--registry", registry.Host);
        var other = ImageFile.Read(_repository.Root / "artifacts" / "packages" / "images" / "shop.oci.tar");
        var refused = await _repository.BuildAsync(_repository.Root, 1, null, "Publish");
        refused.ShouldContain(image.Digest);
        refused.ShouldContain(other.Digest);
        (await registry.Client().FindManifestAsync("shop/shop", "1.2.0", CancellationToken.None)).ShouldBe(image.Digest);
    }

    [Fact]
    public async Task An_image_of_a_Dockerfile_gets_layout_labels_and_digest_and_must_not_run_as_root()
    {
        await using var registry = await LocalRegistry.StartAsync(_directory);
        await using var engine = await DockerEngine.StartAsync();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = engine.Address, ["DOCKER_BUILDKIT"] = "0" };
        await _repository.BuildAsync(_repository.Root, 0, null, "PackArchives");
        (_repository.Root / ".nuke" / "temp" / "archives" / "shop").Copy(_repository.Root / "published");
        string[] targets = ["PackImages", "--with-dockerfile", "--registry", registry.Host];
        _repository.Write("Dockerfile", $"FROM {registry.BaseImage}\nUSER root\nCOPY published /app\nENTRYPOINT [\"dotnet\", \"/app/Shop.dll\"]\n");
        var refused = await _repository.BuildAsync(_repository.Root, 1, environment, targets);
        refused.Contains("it runs as 'root'", StringComparison.Ordinal).ShouldBeTrue(refused);
        _repository.Write("Dockerfile", $"FROM {registry.BaseImage}\nUSER 1654\nCOPY published /app\nENTRYPOINT [\"dotnet\", \"/app/Shop.dll\"]\n");
        await _repository.BuildAsync(_repository.Root, 0, environment, targets);

        var file = _repository.Root / "artifacts" / "packages" / "images" / "tool.oci.tar";
        var image = ImageFile.Read(file);
        (await new ImagePublication(file, image, registry.Client()).PublishAsync(CancellationToken.None)).Status.ShouldBe(PublicationStatus.Published);
        await AnswersAsync(engine, $"{image}", "14 coins");
        (await engine.RunAsync("load", "--input", file)).StandardOutput.ShouldContain($"{image.Repository}:{image.Tag}", Case.Sensitive, "The file is one that Docker loads, too.");
    }

    static async Task AnswersAsync(DockerEngine engine, string image, string expected)
    {
        var port = Background.FreePort().ToString(CultureInfo.InvariantCulture);
        var started = await engine.RunAsync("run", "--detach", "--network", "host", "--read-only", "--tmpfs", "/tmp", "--env", $"ASPNETCORE_URLS=http://127.0.0.1:{port}", image);
        started.ExitCode.ShouldBe(0, Repository.Text(started));
        var container = started.StandardOutput.Split('\n')[^1];
        try
        {
            using var http = new HttpClient();
            var answer = "";
            for (var attempt = 0; attempt < 150 && answer.Length == 0; attempt++)
            {
                try
                {
                    answer = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"));
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(200);
                }
            }

            answer.ShouldStartWith(expected, Case.Sensitive, Repository.Text(await engine.RunAsync("logs", container)));
        }
        finally
        {
            await engine.RunAsync("rm", "--force", container);
        }
    }
}
