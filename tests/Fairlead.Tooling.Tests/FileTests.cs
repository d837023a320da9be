namespace Fairlead.Tooling.Tests;

public sealed class FileTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    AbsolutePath Root => _directory.Path;

    public void Dispose() => _directory.Dispose();

    AbsolutePath Tree(string name, params string[] files)
    {
        foreach (var file in files)
            AtomicFile.Write(Root / name / file, $"{name}/{file}");
        return Root / name;
    }

    [Theory]
    [InlineData(ExistsPolicy.FileSkip, "old")]
    [InlineData(ExistsPolicy.FileOverwrite, "new")]
    [InlineData(ExistsPolicy.MergeAndOverwrite, "new")]
    [InlineData(ExistsPolicy.FileOverwriteIfNewer, "old")]
    public void The_policy_says_what_becomes_of_a_file_that_is_there(ExistsPolicy policy, string expected)
    {
        var source = (Root / "source").WriteAllText("new");
        var target = (Root / "target").WriteAllText("old");
        File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(source).AddMinutes(1));
        source.Copy(target, policy).ReadAllText().ShouldBe(expected);
        source.FileExists().ShouldBeTrue();
    }

    [Fact]
    public void An_older_file_is_replaced_by_a_newer_one()
    {
        var source = (Root / "source").WriteAllText("new");
        var target = (Root / "target").WriteAllText("old");
        File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(source).AddMinutes(-1));
        source.Copy(target, ExistsPolicy.FileOverwriteIfNewer).ReadAllText().ShouldBe("new");
    }

    [Fact]
    public void Nothing_is_replaced_unasked()
    {
        var target = Tree("target", "a");
        Should.Throw<UserErrorException>(() => Tree("source", "a").Copy(target)).Message.ShouldContain("is there already");
        Should.Throw<UserErrorException>(() => (Root / "source").Move(target, ExistsPolicy.FileOverwrite)).Message.ShouldContain("is there already");
        Should.Throw<UserErrorException>(() => (Root / "source" / "a").Copy(target, ExistsPolicy.MergeAndOverwrite)).Message.ShouldContain("one is a file");
        (target / "a").ReadAllText().ShouldBe("target/a");
    }

    [Fact]
    public void Directories_are_merged()
    {
        var target = Tree("target", "a", "sub/b");
        Tree("source", "a", "sub/c").Copy(target, ExistsPolicy.MergeAndSkip);
        (target / "a").ReadAllText().ShouldBe("target/a");
        target.GlobFiles("**/*").Select(x => target.GetUnixRelativePathTo(x)).ShouldBe(["a", "sub/b", "sub/c"]);
    }

    [Fact]
    public void What_was_moved_is_gone_and_what_was_skipped_stays()
    {
        var target = Tree("target", "a");
        Tree("source", "a", "b", "sub/c").Move(target, ExistsPolicy.MergeAndSkip);
        (Root / "source").GlobFiles("**/*").ShouldBe([Root / "source" / "a"]);
        (target / "sub" / "c").ReadAllText().ShouldBe("source/sub/c");

        target.Rename("renamed").ShouldBe(Root / "renamed");
        target.Exists().ShouldBeFalse();
        (Root / "renamed").MoveToDirectory(Root / "deep" / "er").ShouldBe(Root / "deep" / "er" / "renamed");
    }

    [Fact]
    public void A_directory_cannot_be_copied_into_itself()
    {
        var tree = Tree("tree", "a");
        Should.Throw<UserErrorException>(() => tree.Copy(tree / "copy")).Message.ShouldContain("into itself");
        Should.Throw<UserErrorException>(() => (Root / "none").Move(Root / "x")).Message.ShouldContain("does not exist");
    }

    [Fact]
    public void A_touched_file_is_there_and_keeps_its_content()
    {
        var file = Root / "deep" / "file";
        file.TouchFile().FileExists().ShouldBeTrue();
        file.AppendAllText("a").AppendAllText("b");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        file.TouchFile().ReadAllText().ShouldBe("ab");
        File.GetLastWriteTimeUtc(file).ShouldNotBe(DateTime.UnixEpoch);
    }

    [Fact]
    public void A_zip_file_gives_back_what_was_packed()
    {
        var archive = Root / "out" / "a.zip";
        Tree("tree", "a", "sub/b", "sub/c.log").ZipTo(archive, x => !x.HasExtension(".log"));
        archive.UnZipTo(Root / "unpacked");
        (Root / "unpacked").GlobFiles("**/*").Select(x => (Root / "unpacked").GetUnixRelativePathTo(x)).ShouldBe(["a", "sub/b"]);
        Should.Throw<UserErrorException>(() => (Root / "tree").ZipTo(archive));
        Should.Throw<UserErrorException>(() => (Root / "tree" / "a").UnZipTo(Root / "x")).Message.ShouldContain("cannot be unpacked");
    }

    [Theory]
    [InlineData("<TargetFramework>net10.0</TargetFramework>", "net10.0")]
    [InlineData("<TargetFrameworks>net10.0; net9.0;</TargetFrameworks>", "net10.0 net9.0")]
    [InlineData("", "net8.0")]
    public void Target_frameworks_are_read_from_the_project_or_the_properties_above_it(string own, string expected)
    {
        AtomicFile.Write(Root / "Directory.Build.props", "<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>");
        AtomicFile.Write(Root / "src" / "Directory.Build.props", "<Project><Import Project=\"../Directory.Build.props\" /></Project>");
        AtomicFile.Write(Root / "src" / "a" / "a.csproj", $"<Project><PropertyGroup>{own}</PropertyGroup></Project>");
        Project.At(Root / "src" / "a" / "a.csproj").GetTargetFrameworks().ShouldBe(expected.Split(' '));
    }

    [Fact]
    public void Properties_further_above_do_not_count_unless_they_are_imported()
    {
        AtomicFile.Write(Root / "Directory.Build.props", "<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>");
        AtomicFile.Write(Root / "src" / "Directory.Build.props", "<Project />");
        AtomicFile.Write(Root / "src" / "a.csproj", "<Project />");
        Project.At(Root / "src" / "a.csproj").GetTargetFrameworks().ShouldBeEmpty();
    }

    [Fact]
    public void Computed_target_frameworks_are_not_guessed()
    {
        AtomicFile.Write(Root / "a.csproj", "<Project><PropertyGroup Condition=\"'$(X)' == ''\"><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>");
        Should.Throw<UserErrorException>(() => Project.At(Root / "a.csproj").GetTargetFrameworks()).Remedy!.ShouldContain("-getProperty:TargetFrameworks");
    }
}
