using Fairlead.Testing.Images;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class NpmPackageTests : IDisposable
{
    static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _temporary = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_copy_has_the_version_and_the_work_tree_stays_as_it_is()
    {
        const string Json = "{ \"name\": \"@shop/client\", \"version\": \"0.0.0\", \"files\": [\"dist\"] }";
        (Root / "client" / "package.json").WriteAllText(Json);
        (Root / "client" / "dist" / "index.js").WriteAllText("1");
        (Root / "client" / "node_modules" / "x.js").WriteAllText("1");
        NpmPackage.Prepare(Root / "client", Root / "copy", "1.2.0").ShouldBe("@shop/client");
        (Root / "copy" / "package.json").ReadAllText().ShouldContain("\"version\": \"1.2.0\"");
        (Root / "copy" / "dist" / "index.js").FileExists().ShouldBeTrue();
        (Root / "copy" / "node_modules").Exists().ShouldBeFalse();
        (Root / "client" / "package.json").ReadAllText().ShouldBe(Json);
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("""{ "name": "x", "scripts": {}, "scripts": {} }""", "scripts")]
    [InlineData("{}", "has no name")]
    [InlineData("""{ "name": "x", "private": true }""", "private")]
    public void A_package_that_cannot_be_published_is_refused(string json, string message)
    {
        (Root / "client" / "package.json").WriteAllText(json);
        Should.Throw<UserErrorException>(() => NpmPackage.Prepare(Root / "client", Root / "copy", "1.2.0")).Message.ShouldContain(message);
    }

    [Fact]
    public void Links_are_left_out_so_nothing_comes_from_outside_and_circles_end()
    {
        (Root / "secret" / "key").WriteAllText("secret");
        (Root / "client" / "package.json").WriteAllText("""{ "name": "x" }""");
        (Root / "client" / "lib" / "a.js").WriteAllText("1");
        File.CreateSymbolicLink(Root / "client" / "key", Root / "secret" / "key");
        File.CreateSymbolicLink(Root / "client" / "gone", Root / "nowhere");
        Directory.CreateSymbolicLink(Root / "client" / "lib" / "circle", Root / "client");
        Directory.CreateSymbolicLink(Root / "client" / "all", Root / "secret");
        NpmPackage.Prepare(Root / "client", Root / "copy", "1.2.0");
        (Root / "copy").GlobFiles("**/*").Select(x => (Root / "copy").GetUnixRelativePathTo(x)).Order(StringComparer.Ordinal).ShouldBe(["lib/a.js", "package.json"]);

        (Root / "client" / "package.json").WriteAllText("""{ "name": "x", "dependencies": { "@shop/a": "1" }, "bundleDependencies": true }""");
        (Root / "client" / "node_modules" / "@shop").CreateDirectory();
        Directory.CreateSymbolicLink(Root / "client" / "node_modules" / "@shop" / "a", Root / "secret");
        Should.Throw<UserErrorException>(() => NpmPackage.Prepare(Root / "client", Root / "copy", "1.2.0")).Message.ShouldContain("bundles that package");
    }

    [Fact]
    public void Order_and_times_make_no_difference_and_links_are_refused()
    {
        Write("1.tgz", DateTimeOffset.UtcNow, TestImage.File("package/package.json", "{}"), TestImage.File("package/a.js", "1"));
        Write("2.tgz", DateTimeOffset.UnixEpoch, TestImage.File("package/a.js", "1"), TestImage.File("package/package.json", "{}"));
        NpmPackage.Normalise(Root / "1.tgz", Time);
        NpmPackage.Normalise(Root / "2.tgz", Time);
        File.ReadAllBytes(Root / "1.tgz").ShouldBe(File.ReadAllBytes(Root / "2.tgz"));

        Write("3.tgz", Time, TestImage.Link("package/x", "/etc/passwd"));
        Should.Throw<UserErrorException>(() => NpmPackage.Normalise(Root / "3.tgz", Time)).Message.ShouldContain("no plain file");
        Write("4.tgz", Time, TestImage.File("../x", "1"));
        Should.Throw<UserErrorException>(() => NpmPackage.Normalise(Root / "4.tgz", Time)).Message.ShouldContain("no plain file");
        (Root / "5.tgz").WriteAllText("this is no package at all");
        Should.Throw<UserErrorException>(() => NpmPackage.Normalise(Root / "5.tgz", Time)).Message.ShouldContain("is no npm package");
    }

    void Write(string name, DateTimeOffset time, params System.Formats.Tar.TarEntry[] entries) => File.WriteAllBytes(Root / name, TestImage.Gzip(TestImage.Tar(time, entries)));
}
