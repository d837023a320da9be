using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Tooling.Tests;

public sealed class RedactorTests
{
    const string Secret = "pa$$ \"wörd\"/+&<x>";

    [Fact]
    public void A_secret_is_hidden_in_every_encoding_that_is_written()
    {
        var redactor = new Redactor();
        redactor.Add(Secret);
        string[] outputs =
        [
            Secret,
            JsonSerializer.Serialize(Secret),
            Uri.EscapeDataString(Secret),
            System.Security.SecurityElement.Escape(Secret),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
        ];
        foreach (var output in outputs)
            redactor.Redact($"a {output} b").ShouldContain(Redactor.Mask);
        redactor.Redact($"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"u:{Secret}"))}").ShouldContain(Redactor.Mask);
        redactor.Redact($"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{Secret}"))}").ShouldContain(Redactor.Mask);
    }

    [Fact]
    public void The_longer_of_two_overlapping_secrets_leaves_no_rest()
    {
        var redactor = new Redactor();
        redactor.Add("abcd");
        redactor.Add("abcd-efgh");
        redactor.Redact("x abcd-efgh y").ShouldBe("x *** y");
    }

    [Fact]
    public void Each_line_of_a_secret_of_several_lines_is_hidden()
    {
        var redactor = new Redactor();
        redactor.Add("-----BEGIN KEY-----\nMIIBsecretline\n-----END KEY-----");
        redactor.Redact("MIIBsecretline").ShouldBe("***");
    }

    [Fact]
    public void Very_short_values_are_left_alone() =>
        Redact("the value 1 is true", "1", "").ShouldBe("the value 1 is true");

    static string Redact(string text, params string[] secrets)
    {
        var redactor = new Redactor();
        foreach (var secret in secrets)
            redactor.Add(secret);
        return redactor.Redact(text);
    }

    [Theory]
    [InlineData("pa'ss word9", "tool 'pa'\\''ss word9'")]
    [InlineData("pa;ss$word/9", "-p:Key=pa%3Bss%24word/9")]
    public void A_secret_is_hidden_as_commands_show_it(string secret, string shown) => Redact(shown, secret).ShouldNotContain("word");

    [Fact]
    public void A_command_is_shown_without_its_secrets()
    {
        var command = ToolCommand.Of("push", "--key", "it's \"a\" key", "--token=it's \"a\" key;") with { Secrets = ["it's \"a\" key"] };
        command.DisplayWith(new Redactor()).ShouldBe("push --key *** '--token=***;'");
    }

    [Fact]
    public void No_secret_survives_the_display_of_a_command_nor_of_a_property() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString>(), ArbMap.Default.ArbFor<NonEmptyString>(),
        (before, secret) =>
        {
            var value = secret.Get.Trim();
            if (value.Length < 4 || value.Contains('\n') || value.Contains('*'))
                return true;
            var redactor = new Redactor();
            redactor.Add(value);
            var command = DotNet.Command(value, before.Get + value, $"-p:A={DotNet.EscapeProperty(value)}");
            string[] shown = [command.DisplayWith(redactor), redactor.Redact(ToolCommand.Of("tool", value).Display), redactor.Redact(DotNet.EscapeProperty(value))];
            return shown.All(x => x.Contains(Redactor.Mask, StringComparison.Ordinal)
                && !x.Contains(value, StringComparison.Ordinal) && !x.Contains(DotNet.EscapeProperty(value), StringComparison.Ordinal)
                && !x.Contains(value.Replace("'", "'\\''"), StringComparison.Ordinal));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_secret_survives_redaction_wherever_it_stands() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString>(), ArbMap.Default.ArbFor<NonEmptyString>(),
        (before, secret) =>
        {
            var value = secret.Get.Trim();
            return value.Length < 4 || value.Contains('\n') || value.Contains('*') || !Redact(before.Get + value + before.Get, value).Contains(value, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
}

public sealed class SuggestionTests
{
    static readonly string[] Known = ["Compile", "Test", "DeployStaging", "DeployProduction", "Package"];

    [Theory]
    [InlineData("Complie", "Compile")]
    [InlineData("compile", "Compile")]
    [InlineData("DeplyStaging", "DeployStaging")]
    [InlineData("Tset", "Test")]
    [InlineData("Pack", "Package")]
    [InlineData("Announce", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_suggested_and_nothing_far_away(string typed, string? expected) =>
        Suggestion.Closest(typed, Known).ShouldBe(expected);
}

public sealed class AbsolutePathTests
{
    [Fact]
    public void Paths_join_and_normalise()
    {
        AbsolutePath root = "/a/b";
        (root / "c").ToString().ShouldBe("/a/b/c");
        (root / "..").ToString().ShouldBe("/a");
        (root / "c/d" / ".." / "e").ToString().ShouldBe("/a/b/c/e");
        Should.Throw<ArgumentException>(() => root / "/x").Message.ShouldContain("'/x' cannot be joined to '/a/b'");
        Should.Throw<ArgumentException>(() => root / root);
        AbsolutePath.Resolve(root, "/x").ToString().ShouldBe("/x");
        ("at " + root).ShouldBe("at /a/b");
        (root + ".zip").ToString().ShouldBe("/a/b.zip");
        AbsolutePath.Create("/a/b/").ShouldBe(root);
        root.Contains("/a/b/c").ShouldBeTrue();
        root.Contains("/a/bc").ShouldBeFalse();
        AbsolutePath.Create("/").Contains("/a").ShouldBeTrue();
        root.GetUnixRelativePathTo("/a/x").ShouldBe("../x");
    }

    [Fact]
    public void A_relative_text_is_no_absolute_path() => Should.Throw<ArgumentException>(() => AbsolutePath.Create("a/b"));

    [Fact]
    public void Globs_find_files_and_directories()
    {
        using var directory = new TemporaryDirectory();
        foreach (var file in new[] { "src/a/a.csproj", "src/a/bin/x.dll", "src/b/b.csproj" })
            AtomicFile.Write(directory.Path / file, "");
        directory.Path.GlobFiles("**/*.csproj").Select(x => x.Name).ShouldBe(["a.csproj", "b.csproj"]);
        directory.Path.GlobDirectories("**/bin").Select(x => directory.Path.GetUnixRelativePathTo(x)).ShouldBe(["src/a/bin"]);
    }

    [Fact]
    public void Read_only_trees_can_be_deleted()
    {
        using var directory = new TemporaryDirectory();
        var tree = (directory.Path / "tree").CreateDirectory();
        AtomicFile.Write(tree / "f", "x", UnixFileMode.UserRead);
        File.SetUnixFileMode(tree, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        tree.DeleteDirectory();
        tree.Exists().ShouldBeFalse();
    }
}

public sealed class AtomicFileTests
{
    [Fact]
    public void A_file_is_replaced_whole_and_nothing_is_left_beside_it()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Path / "deep" / "f.json";
        AtomicFile.Write(file, "one");
        AtomicFile.Write(file, "two", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        file.ReadAllText().ShouldBe("two");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        file.Parent.GetFiles().ShouldBe([file]);
    }
}

public sealed class DotNetTests
{
    [Fact]
    public void No_command_leaves_a_compiler_server_behind()
    {
        DotNet.Command("build").Environment["UseSharedCompilation"].ShouldBe("false");
        DotNet.Build("/a.csproj", "Release").Environment["UseSharedCompilation"].ShouldBe("false");
    }

    [Fact]
    public void Property_values_are_escaped() =>
        DotNet.Properties(new Dictionary<string, string> { ["A"] = "x;y=$(z)" }).ShouldBe(["-p:A=x%3By=%24%28z%29"]);
}

sealed class TemporaryDirectory : IDisposable
{
    public AbsolutePath Path { get; } = Directory.CreateTempSubdirectory("fairlead-test-").FullName;

    public void Dispose() => Path.DeleteDirectory();
}
