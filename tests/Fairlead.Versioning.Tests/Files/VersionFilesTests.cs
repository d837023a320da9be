using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Versioning.Tests;

public sealed class VersionFilesTests
{
    static readonly VersionVariables PreRelease = SampleVariables.Of("1.2.3-beta.4");
    static readonly VersionVariables Release = SampleVariables.Of("1.2.3");

    [Theory]
    [InlineData("<Project Sdk=\"x\"><PropertyGroup><Version>0.1</Version></PropertyGroup></Project>", "<Version>1.2.3-beta.4</Version>")]
    [InlineData("<Project><PropertyGroup><Version Condition=\"'$(Version)' > ''\" /></PropertyGroup></Project>", "<Version Condition=\"'$(Version)' > ''\">1.2.3-beta.4</Version>")]
    [InlineData("<Project><PropertyGroup>\n  <Version>\n    0.1\n  </Version></PropertyGroup></Project>", "<Version>\n    1.2.3-beta.4\n  </Version>")]
    [InlineData("<Project><PropertyGroup><version></version></PropertyGroup></Project>", "<version>1.2.3-beta.4</version>")]
    [InlineData("<Project><PropertyGroup><FileVersion>1</FileVersion><AssemblyVersion>1</AssemblyVersion></PropertyGroup></Project>", "<FileVersion>1.2.3.0</FileVersion><AssemblyVersion>1.2.3.0</AssemblyVersion>")]
    [InlineData(
        "<Project><PropertyGroup><InformationalVersion>1</InformationalVersion><PackageVersion>1</PackageVersion></PropertyGroup></Project>",
        "<InformationalVersion>1.2.3-beta.4+5.Branch.main.Sha.0123456</InformationalVersion><PackageVersion>1.2.3-beta.4</PackageVersion>")]
    [InlineData("<Project><PropertyGroup><VersionPrefix>1</VersionPrefix><VersionSuffix /></PropertyGroup></Project>", "<VersionPrefix>1.2.3</VersionPrefix><VersionSuffix>beta.4</VersionSuffix>")]
    [InlineData(
        "<Project>\r\n\t<PropertyGroup>\r\n\t\t<VersionPrefix>1</VersionPrefix>\r\n\t</PropertyGroup></Project>",
        "\r\n\t\t<VersionPrefix>1.2.3</VersionPrefix>\r\n\t\t<VersionSuffix>beta.4</VersionSuffix>\r\n\t</PropertyGroup>")]
    [InlineData(
        "<Project>\n  <PropertyGroup Condition=\"x\"><A/></PropertyGroup>\n  <PropertyGroup>\n    <A/><!-- c -->\n  </PropertyGroup>\n</Project>",
        "\n  <PropertyGroup>\n    <A/>\n    <Version>1.2.3-beta.4</Version><!-- c -->\n  </PropertyGroup>")]
    [InlineData("<Project Sdk=\"x\">\r\n</Project>", "<Project Sdk=\"x\">\r\n  <PropertyGroup>\r\n    <Version>1.2.3-beta.4</Version>\r\n  </PropertyGroup>\r\n</Project>")]
    [InlineData("<?xml version=\"1.0\"?><Project><PropertyGroup><Version>$(X)</Version><FileVersion>1</FileVersion></PropertyGroup></Project>", "<Version>$(X)</Version><FileVersion>1.2.3.0</FileVersion>")]
    [InlineData("<Project><ItemGroup><PackageReference><Version>9</Version></PackageReference></ItemGroup><PropertyGroup><A>1</A></PropertyGroup></Project>", "<Version>9</Version></PackageReference></ItemGroup><PropertyGroup><A>1</A><Version>1.2.3-beta.4</Version></PropertyGroup>")]
    public void Projects_get_the_version_where_they_have_one_or_a_new_one(string before, string part)
    {
        var edit = VersionFiles.Plan("a.csproj", before, PreRelease);
        edit.Problems.ShouldBeEmpty();
        edit.After.ShouldContain(part);
        _ = XDocument.Parse(edit.After);
        VersionFiles.Plan("a.csproj", edit.After, PreRelease).Changes.ShouldBeFalse();
    }

    [Fact]
    public void A_release_takes_the_suffix_away() =>
        VersionFiles.Plan("Directory.Build.props", "<Project><PropertyGroup><VersionPrefix>1</VersionPrefix><VersionSuffix>x</VersionSuffix></PropertyGroup></Project>", Release)
            .After.ShouldContain("<VersionSuffix></VersionSuffix>");

    [Fact]
    public void Names_of_branches_are_escaped_in_projects()
    {
        var version = PreRelease with { InformationalVersion = "1+<b>&" };
        var edit = VersionFiles.Plan("a.csproj", "<Project><PropertyGroup><InformationalVersion/></PropertyGroup></Project>", version);
        XDocument.Parse(edit.After).Root.ShouldNotBeNull().Value.ShouldBe("1+<b>&");
    }

    [Theory]
    [InlineData("{\n\t\"name\": \"ä😀\", \"version\" : \"0\",\n\t\"x\": { \"version\": \"9\" }\n}\n", "{\n\t\"name\": \"ä😀\", \"version\" : \"1.2.3-beta.4\",\n\t\"x\": { \"version\": \"9\" }\n}\n")]
    [InlineData("\uFEFF{\"version\":\"\",\"a\":[{\"version\":\"8\"}]}\r\n", "\uFEFF{\"version\":\"1.2.3-beta.4\",\"a\":[{\"version\":\"8\"}]}\r\n")]
    public void Only_the_version_at_the_top_of_package_json_changes(string before, string after) => VersionFiles.Plan("web/package.json", before, PreRelease).After.ShouldBe(after);

    [Fact]
    public void A_lock_file_has_two_places() =>
        VersionFiles.Plan("package-lock.json", """{ "version": "0", "packages": { "": { "version": "0" }, "node_modules/x": { "version": "7" } } }""", PreRelease)
            .After.ShouldBe("""{ "version": "1.2.3-beta.4", "packages": { "": { "version": "1.2.3-beta.4" }, "node_modules/x": { "version": "7" } } }""");

    [Fact]
    public void A_chart_keeps_its_comments_and_quotes() =>
        VersionFiles.Plan("Chart.yaml", "# chart\r\nversion: 0.1.0 # ours\r\nappVersion: \"1.16\"\r\ndependencies:\r\n  - name: x\r\n    version: 7.0.0\r\n", PreRelease)
            .After.ShouldBe("# chart\r\nversion: 1.2.3-beta.4 # ours\r\nappVersion: \"1.2.3-beta.4\"\r\ndependencies:\r\n  - name: x\r\n    version: 7.0.0\r\n");

    [Fact]
    public void Any_file_by_a_pattern()
    {
        VersionFiles.Plan("setup.py", "a=1\nversion = '0.1'\n", new VersionPattern("^version = '(?<version>[^']*)'") { Variable = "MajorMinorPatch" }, PreRelease).After.ShouldBe("a=1\nversion = '1.2.3'\n");
        VersionFiles.Plan("a.md", "v1 v2", new VersionPattern(@"v(?<version>\d+)") { SeveralTimes = true }, Release).After.ShouldBe("v1.2.3 v1.2.3");
    }

    [Theory]
    [InlineData("package.json", "{", "This is not JSON.")]
    [InlineData("package.json", "{\"version\": 1}", "There is no text 'version' at the top level.")]
    [InlineData("package.json", "{\"version\": \"1\", \"version\": \"2\"}", "'version' is there 2 times.")]
    [InlineData("a.csproj", "<Project>", "This is not valid XML")]
    [InlineData("a.csproj", "<!DOCTYPE x [<!ENTITY a \"b\">]><Project/>", "This is not valid XML")]
    [InlineData("a.csproj", "<Other/>", "This is no MSBuild file")]
    [InlineData("a.csproj", "<Project/>", "The project is empty.")]
    [InlineData("a.csproj", "<Project><PropertyGroup><Version>1<!-- c --></Version></PropertyGroup></Project>", "'Version' has more in it than text.")]
    [InlineData("Chart.yaml", "name: x", "There is no key 'version'.")]
    [InlineData("Chart.yaml", "version: [1]", "'version' is not a text of one line.")]
    [InlineData("Chart.yaml", "version: [", "This is not valid YAML")]
    [InlineData("Chart.yaml", "", "There is no key 'version'.")]
    [InlineData("setup.py", "", "Nobody knows where the version stands in setup.py.")]
    public void A_mistake_is_a_problem_and_changes_nothing(string path, string text, string message)
    {
        var edit = VersionFiles.Plan(path, text, Release);
        edit.Problems.ShouldHaveSingleItem().Message.ShouldStartWith(message);
        edit.Changes.ShouldBeFalse();
    }

    [Theory]
    [InlineData("x", "has no group 'version'")]
    [InlineData("(?<version>q)", "finds nothing")]
    [InlineData("(?<version>[ab])", "finds 2 places")]
    [InlineData("(", "is not a regular expression")]
    public void A_pattern_that_is_not_clear_is_a_problem(string pattern, string message) =>
        VersionFiles.Plan("f", "a b", new VersionPattern(pattern), Release).Problems.ShouldHaveSingleItem().Message.ShouldContain(message);

    [Fact]
    public void Whatever_the_text_is_nothing_is_thrown_and_once_is_enough() => Prop.ForAll<int, NonNull<string>>((seed, noise) =>
    {
        var random = new Random(seed);
        (string Name, string Text)[] samples =
        [
            ("package.json", "{ \"name\": \"ä\", \"version\": \"1\", \"x\": [1, { \"version\": \"2\" }] }"),
            ("a.csproj", "<Project Sdk='x'>\r\n  <PropertyGroup Condition=\"a > b\">\r\n    <VersionPrefix>1</VersionPrefix>\r\n  </PropertyGroup>\r\n</Project>"),
            ("Chart.yaml", "# c\nversion: '1'\nappVersion: 2\nlist:\n  - a\n"),
        ];
        var (name, text) = samples[random.Next(samples.Length)];
        for (var i = random.Next(3); i > 0; i--)
            text = text.Insert(random.Next(text.Length), random.Next(2) == 0 ? noise.Get : "<>{}\"':,#\n\r&/"[random.Next(13)].ToString());
        var edit = VersionFiles.Plan(name, text, PreRelease);
        if (!edit.Problems.IsEmpty)
            edit.After.ShouldBe(text);
        else
            VersionFiles.Plan(name, edit.After, PreRelease).Changes.ShouldBeFalse(text);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
