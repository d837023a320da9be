namespace Fairlead.Versioning.Tests;

/// <summary>GitVersion 6.8.2's own answers, recorded from its test suite (the README beside the data tells how).</summary>
public sealed class ConformanceTests
{
    const string Folder = "gitversion-6.8.2/";

    [Theory]
    [InlineData("core.jsonl.gz", 1_468)]
    [InlineData("mainline-vs-tagged.jsonl.gz", 15_007)]
    [InlineData("mainline-matrix.jsonl.gz", 32_128)]
    public void Every_recorded_state_has_the_version_that_GitVersion_gives_it(string file, int count)
    {
        var cases = RecordedData.Lines(Folder + file).ToList();
        cases.Count.ShouldBe(count);
        var failures = cases.AsParallel().AsOrdered().Select(ConformanceCase.Parse)
            .Select(x => (x.Name, Differences: x.Differences())).Where(x => x.Differences.Count > 0).ToList();
        failures.Take(20).Select(x => $"{x.Name}: {string.Join("; ", x.Differences)}").ShouldBeEmpty($"{failures.Count} of {count} differ");
    }
}
