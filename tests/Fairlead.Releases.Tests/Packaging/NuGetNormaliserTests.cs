using System.IO.Compression;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class NuGetNormaliserTests : IDisposable
{
    static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _temporary = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Random_names_ids_times_and_order_make_no_difference_and_contents_stay_byte_for_byte()
    {
        var first = TestPackage.Write(Root / "1.nupkg", "Shop.Client", "1.2.0", "aaaa", DateTimeOffset.UtcNow);
        var second = TestPackage.Write(Root / "2.nupkg", "Shop.Client", "1.2.0", "bbbb", DateTimeOffset.UtcNow.AddHours(-30), reversed: true);
        NuGetNormaliser.Normalise(first, Time).ShouldBeTrue();
        NuGetNormaliser.Normalise(second, Time).ShouldBeTrue();
        File.ReadAllBytes(first).ShouldBe(File.ReadAllBytes(second));
        NuGetNormaliser.Normalise(first, Time);
        File.ReadAllBytes(first).ShouldBe(File.ReadAllBytes(second), "Once more changes nothing.");

        using var zip = ZipFile.OpenRead(first);
        zip.Entries.Select(x => x.FullName).ShouldBe(["_rels/.rels", "Shop.Client.nuspec", "[Content_Types].xml", "lib/net10.0/Shop.Client.dll", "package/services/metadata/core-properties/nuget.psmdcp"]);
        using var reader = new StreamReader(zip.GetEntry("lib/net10.0/Shop.Client.dll")!.Open());
        reader.ReadToEnd().ShouldBe("program");
        using var rels = new StreamReader(zip.GetEntry("_rels/.rels")!.Open());
        var text = rels.ReadToEnd();
        text.ShouldContain("/package/services/metadata/core-properties/nuget.psmdcp");
        text.ShouldNotContain("aaaa");
    }

    [Fact]
    public void A_signed_package_is_not_touched()
    {
        var package = TestPackage.Write(Root / "1.nupkg", "A", "1.0.0", "aaaa", DateTimeOffset.UtcNow, extra: (".signature.p7s", "signature"));
        var before = File.ReadAllBytes(package);
        NuGetNormaliser.Normalise(package, Time).ShouldBeFalse();
        File.ReadAllBytes(package).ShouldBe(before);
    }

    [Fact]
    public void What_is_no_package_and_what_holds_a_name_twice_is_refused_and_stays()
    {
        (Root / "1.nupkg").WriteAllText("no zip");
        Should.Throw<UserErrorException>(() => NuGetNormaliser.Normalise(Root / "1.nupkg", Time)).Message.ShouldContain("is no NuGet package");
        var package = TestPackage.Write(Root / "2.nupkg", "A", "1.0.0", "aaaa", DateTimeOffset.UtcNow, extra: ("lib/net10.0/A.dll", "again"));
        Should.Throw<UserErrorException>(() => NuGetNormaliser.Normalise(package, Time)).Message.ShouldContain("two entries");
        Root.GetFiles().Select(x => x.Name).ShouldBe(["1.nupkg", "2.nupkg"]);
    }
}
