using System.Collections.Immutable;
using System.Globalization;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components.Tests;

public sealed class CheckTests : IDisposable
{
    readonly AbsolutePath _directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-checks-").FullName);

    public void Dispose() => _directory.DeleteDirectory();

    [Fact]
    public void Coverage_of_several_projects_counts_each_line_once()
    {
        var one = Cobertura("one", """
            <line number="1" hits="1" /><line number="2" hits="0" /><line number="3" hits="2" branch="true" condition-coverage="50% (1/2)" />
            """);
        var two = Cobertura("two", """
            <line number="1" hits="0" /><line number="2" hits="4" /><line number="3" hits="0" branch="true" condition-coverage="0% (0/2)" /><line number="4" hits="0" />
            """);
        var report = CoverageReport.Read([one, two]);
        report.ShouldBe(new CoverageReport(2, 4, 3, 2, 1));
        report.ToVerdict(75).Outcome.ShouldBe(VerdictOutcome.Passed);
        var failed = report.ToVerdict(75.5);
        failed.Outcome.ShouldBe(VerdictOutcome.Failed);
        failed.Summary.ShouldBe("The tests run 75.0 % of 4 lines and 50.0 % of 2 branches; 75.5 % of the lines are asked for.");
        failed.Figures!["lineCoverage"].ShouldBe(75);
    }

    [Fact]
    public void Coverage_that_measured_nothing_has_failed()
    {
        CoverageReport.Read([]).ToVerdict(0).Summary.ShouldBe("Nothing was measured: the tests left no coverage file. Each test project needs the package coverlet.collector.");
        CoverageReport.Read([Cobertura("empty", "")]).ToVerdict(0).Outcome.ShouldBe(VerdictOutcome.Failed);
        Should.Throw<System.Xml.XmlException>(() => CoverageReport.Read([Written("html.xml", "<html/>")]));
        Should.Throw<System.Xml.XmlException>(() => CoverageReport.Read([Written("cut.xml", "<coverage><packages>")]));
        Should.Throw<System.Xml.XmlException>(() => CoverageReport.Read([Cobertura("hits", """<line number="1" hits="x" />""")])).Message.ShouldContain("hits.xml");
        Should.Throw<System.Xml.XmlException>(() => CoverageReport.Read([Cobertura("number", """<line number="99999999999" hits="1" />""")]));
    }

    [Fact]
    public void Benchmarks_that_have_become_slower_are_found_and_noise_is_not()
    {
        var random = new Random(1);
        ImmutableArray<double> Values(double center) => [.. Enumerable.Range(0, 15).Select(_ => center * (1 + random.NextDouble() * 0.05))];
        BenchmarkResults Results(params (string Name, ImmutableArray<double> Values)[] results) => new("a machine", results.ToImmutableSortedDictionary(x => x.Name, x => x.Values, StringComparer.Ordinal));

        var baseline = Results(("Parse", Values(100)), ("Write", Values(200)));
        BenchmarkComparison.Of(baseline, Results(("Parse", Values(101)), ("Write", Values(198))), 10).Summary.ShouldBe("None of 2 benchmarks has become more than 10 % slower than the baseline.");
        var slower = BenchmarkComparison.Of(baseline, Results(("Parse", Values(130)), ("Write", Values(200))), 10);
        slower.Outcome.ShouldBe(VerdictOutcome.Failed);
        slower.Summary.ShouldStartWith("1 of 2 benchmarks have become slower than the baseline: Parse takes 1.3");
        BenchmarkComparison.Of(baseline, Results(("Parse", Values(100))), 10).Summary.ShouldStartWith("1 benchmarks of the baseline were not measured: Write");
        BenchmarkComparison.Of(baseline, Results(("Parse", Values(100)), ("Write", Values(200))) with { Machine = "another" }, 10).Outcome.ShouldBe(VerdictOutcome.NotDone);
        BenchmarkComparison.Of(baseline, Results(("Parse", [100, 100]), ("Write", [200])), 10).Summary.ShouldStartWith("No benchmark could be judged. 2 could not be judged");
        BenchmarkComparison.Of(baseline, Results(("Parse", Values(100)), ("Write", [])), 10).Summary.ShouldStartWith("1 benchmarks of the baseline have measured nothing: Write.");
        BenchmarkComparison.Of(baseline, Results(("Parse", Values(100)), ("Write", Values(200)), ("New", Values(1))), 10).Summary.ShouldContain("1 could not be judged");
    }

    [Fact]
    public void Runs_without_a_regression_are_seldom_called_one()
    {
        var random = new Random(7);
        ImmutableArray<double> Noise() => [.. Enumerable.Range(0, 15).Select(_ => Math.Exp(random.NextDouble() + random.NextDouble()))];
        BenchmarkResults Results() => new("m", Enumerable.Range(0, 20).ToImmutableSortedDictionary(x => x.ToString(CultureInfo.InvariantCulture), _ => Noise(), StringComparer.Ordinal));
        Enumerable.Range(0, 300).Count(_ => BenchmarkComparison.Of(Results(), Results(), 0).Outcome == VerdictOutcome.Failed).ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public void A_baseline_is_what_was_measured_also_after_writing_and_reading()
    {
        var report = BenchmarkResults.Parse("""
            { "HostEnvironmentInfo": { "ProcessorName": "A CPU", "RuntimeVersion": ".NET 10" },
              "Benchmarks": [ { "FullName": "N.C.Parse(x: 1)", "Statistics": { "OriginalValues": [1.5, 2] } }, { "FullName": "N.C.Broken", "Statistics": null } ] }
            """);
        report.Machine.ShouldBe("A CPU, .NET 10");
        report.Results.Keys.ShouldBe(["N.C.Broken", "N.C.Parse(x: 1)"]);
        var read = BenchmarkResults.Parse(report.ToJson());
        read.ToJson().ShouldBe(report.ToJson());
        foreach (var text in new[] { "", "[]", "{}", "null", """{"Benchmarks":3}""", """{"machine":"m","nanoseconds":{"a":["b"]}}""" })
            Should.Throw<System.Text.Json.JsonException>(() => BenchmarkResults.Parse(text), text);
    }

    [Fact]
    public void One_benchmark_that_several_jobs_ran_is_told_apart_by_their_names()
    {
        var report = BenchmarkResults.Parse("""
            { "HostEnvironmentInfo": {}, "Benchmarks": [ { "FullName": "N.C.Parse", "DisplayInfo": "C.Parse: Job-A(Runtime=.NET 10.0)", "Statistics": null },
              { "FullName": "N.C.Parse", "DisplayInfo": "C.Parse: Job-B(Runtime=.NET 9.0)", "Statistics": null }, { "FullName": "N.C.Write", "DisplayInfo": "C.Write: Job-A", "Statistics": null } ] }
            """);
        report.Results.Keys.ShouldBe(["N.C.Parse (Job-A(Runtime=.NET 10.0))", "N.C.Parse (Job-B(Runtime=.NET 9.0))", "N.C.Write"]);
    }

    [Fact]
    public void Anchors_of_HTML_count_and_links_out_of_the_repository_do_not()
    {
        Written("README.md", """
            <a id="one"></a>

            Text <a name="two"></a> [one](#one) [two](#two) [out](../../elsewhere.md)
            """);
        DocumentationLinks.Check(_directory, [_directory / "README.md"]).Summary.ShouldBe("1 of 3 links lead nowhere: README.md:3: '../../elsewhere.md' leads out of the repository");
    }

    [Fact]
    public void Links_in_the_documentation_that_lead_nowhere_are_named()
    {
        Written("README.md", """
            # Title
            [good](docs/a.md) [anchor](docs/a.md#a-heading-with-code) [own](#title) [site](https://example.invalid) [mail](mailto:a@b.c) [rooted](/docs/a.md)
            [gone](docs/gone.md) and [no heading](docs/a.md#nothing) ![picture](missing.png)
            """);
        Written("docs/a.md", "## A heading, with `code`\n[up](../README.md)\n");
        var verdict = DocumentationLinks.Check(_directory, [_directory / "README.md", _directory / "docs" / "a.md"]);
        verdict.Outcome.ShouldBe(VerdictOutcome.Failed);
        verdict.Summary.ShouldBe("3 of 8 links lead nowhere: README.md:3: 'docs/gone.md' does not exist; README.md:3: 'docs/a.md#nothing' has no heading of that name; README.md:3: 'missing.png' does not exist");
        DocumentationLinks.Check(_directory, [_directory / "docs" / "a.md"]).Summary.ShouldBe("1 links inside 1 documents lead where they should.");
        DocumentationLinks.Check(_directory, []).Outcome.ShouldBe(VerdictOutcome.Failed);
    }

    [Fact]
    public void The_documentation_of_this_repository_is_in_order()
    {
        var root = AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists())!;
        var verdict = DocumentationLinks.Check(root, root.GlobFiles("*.md", "docs/**/*.md"));
        verdict.Outcome.ShouldBe(VerdictOutcome.Passed, verdict.Summary);
    }

    [Fact]
    public void What_dotnet_format_says_is_read()
    {
        FormatReport.FilesLookedAt("Formatted 1 of 339 files.\nFormat complete in 9533ms.").ShouldBe(339);
        FormatReport.FilesLookedAt("nonsense").ShouldBeNull();
        FormatReport.Read($$"""[{"FilePath":"{{_directory}}/src/X.cs","FileChanges":[{"LineNumber":3,"CharNumber":8,"DiagnosticId":"WHITESPACE","FormatDescription":"Fix."}]}]""", _directory)
            .ShouldBe(["src/X.cs:3:8: WHITESPACE: Fix."]);
        Should.Throw<System.Text.Json.JsonException>(() => FormatReport.Read("[{}]", _directory));
    }

    AbsolutePath Cobertura(string name, string lines) => Written($"{name}.xml", $"""
        <?xml version="1.0" encoding="utf-8"?>
        <!DOCTYPE coverage SYSTEM "http://example.invalid/coverage-04.dtd">
        <coverage><sources><source>/src/</source></sources><packages><package><classes>
          <class filename="Shop/A.cs"><methods><method><lines><line number="1" hits="9" /></lines></method></methods><lines>{lines}</lines></class>
        </classes></package></packages></coverage>
        """);

    AbsolutePath Written(string name, string text)
    {
        AtomicFile.Write(_directory / name, text);
        return _directory / name;
    }
}
