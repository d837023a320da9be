using System.Text;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Versioning.Tests;

public sealed class VersionFileSetTests : IDisposable
{
    static readonly VersionVariables Version = SampleVariables.Of("1.2.3");

    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-files-").FullName);

    [Fact]
    public void All_files_get_the_version_and_planning_again_finds_nothing_to_do()
    {
        var package = Write("package.json", "{ \"version\": \"0\" }"u8.ToArray());
        var wide = Write("a.props", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<Project>\r\n<PropertyGroup><Version>ä</Version></PropertyGroup></Project>")]);
        var legacy = Write("notes.txt", [0xE4, (byte)'v', (byte)'1', 0xFF]);
        VersionFileTarget[] targets = [new(package), new(wide), new(legacy, new VersionPattern("v(?<version>1)"))];
        var set = VersionFileSet.Plan(_root, targets, Version);
        set.Files.ShouldBe([package, wide, legacy]);
        set.Apply();
        package.ReadAllText().ShouldBe("{ \"version\": \"1.2.3\" }");
        File.ReadAllBytes(wide).ShouldBe([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<Project>\r\n<PropertyGroup><Version>1.2.3</Version></PropertyGroup></Project>")]);
        File.ReadAllBytes(legacy).ShouldBe([0xE4, .. "v1.2.3"u8, 0xFF]);
        VersionFileSet.Plan(_root, [new(package), new(wide)], Version).Files.ShouldBeEmpty();
    }

    [Fact]
    public void Mistakes_of_all_files_are_shown_at_once_and_nothing_is_written()
    {
        var good = Write("package.json", "{ \"version\": \"0\" }"u8.ToArray());
        var bad = Write("a.csproj", "<Other/>"u8.ToArray());
        var exception = Should.Throw<ProblemsException>(() => VersionFileSet.Plan(_root, [new(good), new(bad), new(_root / "missing.props")], Version));
        exception.Problems.Select(x => x.Where!.Value.File).ShouldBe(["a.csproj", "missing.props"]);
        good.ReadAllText().ShouldContain("\"0\"");
    }

    [Fact]
    public void When_one_file_cannot_be_written_the_others_get_back_what_they_had()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        var first = Write("package.json", "{ \"version\": \"0\" }"u8.ToArray());
        var second = Write("sub/a.csproj", "<Project><PropertyGroup><Version>0</Version></PropertyGroup></Project>"u8.ToArray());
        var set = VersionFileSet.Plan(_root, [new(first), new(second)], Version);
        // The name of the temporary file beside it gets too long.
        var target = _root / new string('x', 250);
        File.Move(second, target);
        File.CreateSymbolicLink(second, target);
        Should.Throw<UserErrorException>(set.Apply).Message.ShouldContain("No file has the version.");
        first.ReadAllText().ShouldContain("\"0\"");
    }

    [Fact]
    public void After_a_crash_in_the_middle_the_rest_is_done()
    {
        var done = Write("package.json", "{ \"version\": \"1.2.3\" }"u8.ToArray());
        var open = Write("Chart.yaml", "version: 0.1.0\n"u8.ToArray());
        var set = VersionFileSet.Plan(_root, [new(done), new(open)], Version);
        set.Files.ShouldBe([open]);
        set.Apply();
        open.ReadAllText().ShouldBe("version: 1.2.3\n");
    }

    [Fact]
    public void A_file_that_somebody_else_changed_meanwhile_is_not_overwritten()
    {
        var first = Write("package.json", "{ \"version\": \"0\" }"u8.ToArray());
        var set = VersionFileSet.Plan(_root, [new(first)], Version);
        first.WriteAllText("{ \"version\": \"0\", \"x\": 1 }");
        Should.Throw<UserErrorException>(set.Apply);
        first.ReadAllText().ShouldContain("\"x\"");
    }

    [Fact]
    public void Links_and_permissions_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        var file = Write("real.csproj", "<Project><PropertyGroup><Version>0</Version></PropertyGroup></Project>"u8.ToArray());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var link = _root / "link.csproj";
        File.CreateSymbolicLink(link, file);
        VersionFileSet.Plan(_root, [new(link)], Version).Apply();
        new FileInfo(link).LinkTarget.ShouldNotBeNull();
        file.ReadAllText().ShouldContain("1.2.3");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Bytes_come_back_whatever_they_are() => Prop.ForAll<byte[]>(bytes =>
    {
        foreach (var content in (byte[][])[bytes, [0xEF, 0xBB, 0xBF, .. bytes], [0xFF, 0xFE, .. bytes], [0xFE, 0xFF, .. bytes]])
        {
            var text = FileText.Of(content);
            text.Bytes(text.Text).ShouldBe(content);
        }
    }).QuickCheckThrowOnFailure();

    public void Dispose() => _root.DeleteDirectory();

    AbsolutePath Write(string name, byte[] content)
    {
        AtomicFile.Write(_root / name, content);
        return _root / name;
    }
}
