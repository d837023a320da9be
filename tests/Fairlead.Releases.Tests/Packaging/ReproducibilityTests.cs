using Fairlead.Testing.Images;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class ReproducibilityTests : IDisposable
{
    static readonly DateTimeOffset Time = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _temporary = new();

    AbsolutePath Root => _temporary.Path;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void What_differs_is_told_with_the_first_entry_that_does()
    {
        foreach (var (place, content, time) in new[] { ("one", "same1", Time), ("two", "same2", Time.AddDays(1)) })
        {
            var directory = Root / place;
            (directory / "equal.txt").WriteAllText("equal");
            (directory / "text.txt").WriteAllText(content);
            (directory / "images" / "own.oci.tar").WriteAllText(content);
            (Root / "in" / "a").WriteAllText("a");
            (Root / "in" / "b").WriteAllText(content);
            StableZip.Create(Root / "in", directory / "content.zip", Time);
            (Root / "in" / "b").WriteAllText("b");
            TarGz.Create(Root / "in", directory / "time.tar.gz", time);
            ImageNormaliser.Normalise(
                TestImage.Layout(Root / "raw.tar", Time, [TestImage.Gzip(TestImage.Tar(Time, TestImage.File("app/x", content)))]),
                directory / "image.oci.tar",
                ImageOrigin.Sdk,
                "x",
                "1",
                new ImageLabels { Title = "x", Version = "1", Revision = "r", Created = Time });
        }

        (Root / "two" / "more.txt").WriteAllText("");
        var report = Reproducibility.Compare(Root / "one", Root / "two", x => x == "images/own.oci.tar");
        report.Same.Select(x => x.File).ShouldBe(["equal.txt"]);
        report.Exempt.ShouldBe(["images/own.oci.tar"]);
        report.Different.Select(x => x.File).ShouldBe(["content.zip", "image.oci.tar", "more.txt", "text.txt", "time.tar.gz"]);
        var details = report.Different.Select(x => x.Detail).ToList();
        details[0].ShouldBe("'b' (5 and 5 bytes): byte 4 is 31 and 32");
        details[1].ShouldContain("'app/x' (5 and 5 bytes): byte 4 is 31 and 32");
        details[2].ShouldBe("only the second build made it");
        details[3].ShouldBe("byte 4 is 31 and 32");
        details[4].ShouldBe("'a': time 2026-01-05 09:00:00 and 2026-01-06 09:00:00");
    }
}
