using System.Formats.Tar;
using System.Text.Json.Nodes;
using Fairlead.Testing.Images;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Releases.Tests;

public sealed class ImageNormaliserTests : IDisposable
{
    static readonly DateTimeOffset Commit = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Today = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly byte[] Base = TestImage.Gzip(TestImage.Tar(DateTimeOffset.UnixEpoch, TestImage.File("usr/share/dotnet/dotnet", "runtime")));

    static readonly ImageLabels Labels = new()
    {
        Title = "shop",
        Version = "1.2.0",
        Revision = new string('c', 40),
        Created = Commit,
        Source = "https://example.org/shop",
        Licences = "MIT",
        BaseName = "registry.example/base:10.0",
    };

    readonly TemporaryDirectory _temporary = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose() => _temporary.Dispose();

    ImageReference Normalise(AbsolutePath source, string target = "shop.oci.tar", ImageOrigin origin = ImageOrigin.Sdk, bool allowsRoot = false) =>
        ImageNormaliser.Normalise(source, Root / target, origin, "registry.example/shop/web", "1.2.0", Labels, allowsRoot);

    static byte[] App(DateTimeOffset time, params TarEntry[] entries) => TestImage.Gzip(TestImage.Tar(time, entries));

    [Fact]
    public void Builds_at_different_times_and_in_different_orders_give_one_digest_and_one_file()
    {
        var first = Normalise(TestImage.Layout(Root / "1.tar", Today, [Base, App(Today, TestImage.File("app/a", "1"), TestImage.File("app/b", "2"))], "1654", "amd64", "arm64"), "1.oci.tar");
        var second = Normalise(TestImage.Layout(Root / "2.tar", Today.AddDays(1), [Base, App(Today.AddDays(1), TestImage.File("app/b", "2"), TestImage.File("app/a", "1"))], "1654", "amd64", "arm64"), "2.oci.tar");
        second.ShouldBe(first);
        File.ReadAllBytes(Root / "1.oci.tar").AsSpan().SequenceEqual(File.ReadAllBytes(Root / "2.oci.tar")).ShouldBeTrue();
        ImageFile.Read(Root / "1.oci.tar").ShouldBe(first);
    }

    [Fact]
    public void Times_of_static_files_become_that_of_the_commit()
    {
        static string List(string time) => $$"""{"Endpoints":[{"Route":"a.css","ResponseHeaders":[{"Name":"ETag","Value":"x"},{"Name":"Last-Modified","Value":"{{time}}"}]}]}""";
        var images = Enumerable.Range(1, 2)
            .Select(x => $"{Today.AddDays(x):R}")
            .Select(x => Normalise(TestImage.Layout(Root / "1.tar", Today, [Base, App(Today, TestImage.File("app/Shop.staticwebassets.endpoints.json", List(x)))])));
        images.Distinct().Count().ShouldBe(1);
        (Root / "out" / "Shop.staticwebassets.endpoints.json").WriteAllText(List("Sun, 01 Mar 2026 12:00:00 GMT"));
        StaticAssets.Normalise(Root / "out", Commit);
        (Root / "out" / "Shop.staticwebassets.endpoints.json").ReadAllText().ShouldBe(List("Mon, 05 Jan 2026 09:00:00 GMT"));
    }

    [Fact]
    public void The_image_says_what_it_is_and_keeps_the_layers_of_its_base()
    {
        var image = Normalise(TestImage.Layout(Root / "1.tar", Today, [Base, App(Today, TestImage.File("app/a", "1"))]));
        var files = TestImage.Read(Root / "shop.oci.tar");
        files.ShouldContainKey($"blobs/sha256/{TestImage.Digest(Base)[7..]}");
        var manifest = JsonNode.Parse(files[$"blobs/sha256/{image.Digest[7..]}"])!;
        TestImage.Digest(files[$"blobs/sha256/{image.Digest[7..]}"]).ShouldBe(image.Digest);
        var annotations = manifest["annotations"]!.AsObject();
        annotations.Select(x => $"{x.Key[25..]}={x.Value}").ShouldBe(
        [
            "base.digest=sha256:" + new string('b', 64), "base.name=registry.example/base:10.0", "created=2026-01-05T09:00:00Z", "licenses=MIT", "revision=" + new string('c', 40),
            "source=https://example.org/shop", "title=shop", "version=1.2.0",
        ]);
        var config = JsonNode.Parse(files[$"blobs/sha256/{((string)manifest["config"]!["digest"]!)[7..]}"])!;
        ((string)config["created"]!).ShouldBe("2026-01-05T09:00:00Z");
        config["history"]!.AsArray().Select(x => (string)x!["created"]!).ShouldBe(["2020-01-01T00:00:00Z", "2026-01-05T09:00:00Z"]);
        ((string)config["config"]!["Labels"]!["own"]!).ShouldBe("kept");
        ((string)config["config"]!["Labels"]!["org.opencontainers.image.version"]!).ShouldBe("1.2.0");
        var layer = (string)manifest["layers"]![1]!["digest"]!;
        var app = TestImage.Unzip(files[$"blobs/sha256/{layer[7..]}"]);
        ((string)config["rootfs"]!["diff_ids"]![1]!).ShouldBe(TestImage.Digest(app));
        using var tar = new TarReader(new MemoryStream(app));
        tar.GetNextEntry()!.ModificationTime.ShouldBe(Commit);
        var docker = JsonNode.Parse(files["manifest.json"])![0]!;
        ((string)docker["RepoTags"]![0]!).ShouldBe("registry.example/shop/web:1.2.0");
        docker["Layers"]!.AsArray().Select(x => (string)x!).ShouldBe(manifest["layers"]!.AsArray().Select(x => $"blobs/sha256/{((string)x!["digest"]!)[7..]}"));
    }

    [Fact]
    public void An_archive_of_an_older_Docker_becomes_a_layout_whose_layers_have_the_same_content()
    {
        var layer = TestImage.Tar(Today, TestImage.File("a", "1"));
        var image = Normalise(TestImage.DockerArchive(Root / "1.tar", [layer, layer], "app"), origin: ImageOrigin.Dockerfile);
        var files = TestImage.Read(Root / "shop.oci.tar");
        var manifest = JsonNode.Parse(files[$"blobs/sha256/{image.Digest[7..]}"])!;
        manifest["layers"]!.AsArray().Count.ShouldBe(2);
        TestImage.Unzip(files[$"blobs/sha256/{((string)manifest["layers"]![1]!["digest"]!)[7..]}"]).ShouldBe(layer);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("root")]
    [InlineData("0")]
    [InlineData("00:1")]
    [InlineData("root:app")]
    public void An_image_that_runs_as_root_is_refused_unless_it_may(string? user)
    {
        var source = TestImage.Layout(Root / "1.tar", Today, [App(Today, TestImage.File("app/a", "1"))], user);
        var error = Should.Throw<UserErrorException>(() => Normalise(source));
        error.Message.ShouldContain("root");
        error.Remedy!.ShouldContain("AllowsRoot");
        (Root / "shop.oci.tar").FileExists().ShouldBeFalse();
        Normalise(source, allowsRoot: true);
    }

    [Fact]
    public void Entries_and_links_that_lead_out_of_the_image_and_devices_are_refused()
    {
        (TarEntry Entry, string Message)[] hostile =
        [
            (TestImage.File("../etc/passwd", "x"), "leads out of the image"),
            (TestImage.File("app/../../x", "x"), "leads out of the image"),
            (TestImage.Link("app/x", "../../etc"), "out of the image"),
            (TestImage.Link("app/x", "../etc/shadow", TarEntryType.HardLink), "out of the image"),
            (new PaxTarEntry(TarEntryType.CharacterDevice, "dev/x"), "neither file nor directory nor link"),
            (new PaxTarEntry(TarEntryType.Fifo, "app/x"), "neither file nor directory nor link"),
        ];
        foreach (var (entry, message) in hostile)
            Should.Throw<UserErrorException>(() => Normalise(TestImage.Layout(Root / "1.tar", Today, [App(Today, entry)]))).Message.ShouldContain(message);
        Normalise(TestImage.Layout(Root / "1.tar", Today, [App(Today, TestImage.Link("app/current", "/app/1"), TestImage.Link("app/up", "../app"))]));
        Root.GetDirectories().ShouldBeEmpty();
    }

    [Fact]
    public void A_blob_that_is_not_what_its_name_says_is_refused()
    {
        var source = TestImage.Layout(Root / "1.tar", Today, [Base, App(Today, TestImage.File("app/a", "1"))]);
        var bytes = File.ReadAllBytes(source);
        var place = bytes.AsSpan().IndexOf(Base);
        bytes[place + Base.Length - 1] ^= 1;
        File.WriteAllBytes(source, bytes);
        Should.Throw<UserErrorException>(() => Normalise(source)).Message.ShouldContain("has the digest");
    }

    [Fact]
    public void Whatever_the_bytes_are_nothing_but_a_message_comes_of_them()
    {
        var whole = File.ReadAllBytes(TestImage.Layout(Root / "whole.tar", Today, [Base, App(Today, TestImage.File("app/a", "1"))]));
        var changes = Gen.Zip(Gen.Choose(0, whole.Length - 1), ArbMap.Default.GeneratorFor<byte>()).NonEmptyListOf().ToArbitrary();
        Prop.ForAll(changes, changed =>
        {
            var bytes = whole.ToArray();
            foreach (var (position, value) in changed)
                bytes[position] = value;
            File.WriteAllBytes(Root / "changed.tar", changed.Count % 5 == 0 ? bytes[..changed[0].Item1] : bytes);
            try
            {
                Normalise(Root / "changed.tar", allowsRoot: true);
            }
            catch (UserErrorException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Theory]
    [InlineData("Shop", "1.0")]
    [InlineData("shop/", "1.0")]
    [InlineData("registry.example/../shop", "1.0")]
    [InlineData("shop", "1.0+meta")]
    [InlineData("shop", "-x")]
    public void Names_that_registries_refuse_are_refused_before_anything_is_built(string repository, string tag) =>
        Should.Throw<UserErrorException>(() => ImageNormaliser.Normalise(Root / "none.tar", Root / "x.tar", ImageOrigin.Sdk, repository, tag, Labels)).Message.ShouldContain("is no ");
}
