using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Fairlead.Versioning.Tests;

/// <summary>GitVersion 6.8.2's own answers, recorded from its test suite (the README beside the data tells how).</summary>
public sealed class ConformanceTests
{
    const string Folder = "gitversion-6.8.2/";
    const int OneInSoMany = 10;

    /// <summary>Where another answer is meant, and why.</summary>
    static readonly Dictionary<string, string> Accepted = new(StringComparer.Ordinal)
    {
        ["ad5c9d2b6321e180"] = "A commit is asked for that does not exist: GitVersion warns and takes the branch's tip; a version for another commit than the one asked for is an error here.",
    };

    [Theory]
    [InlineData("core.jsonl.gz", 1_468, 1)]
    [InlineData("mainline-vs-tagged.jsonl.gz", 15_007, OneInSoMany)]
    [InlineData("mainline-matrix.jsonl.gz", 32_128, OneInSoMany)]
    public void Recorded_states_have_the_versions_that_GitVersion_gives_them(string file, int count, int oneIn) => Compare(file, count, oneIn);

    [Theory(Explicit = true)]
    [InlineData("mainline-vs-tagged.jsonl.gz", 15_007)]
    [InlineData("mainline-matrix.jsonl.gz", 32_128)]
    public void Every_recorded_state_has_the_version_that_GitVersion_gives_it(string file, int count) => Compare(file, count, oneIn: 1);

    /// <summary>The same through git itself: every state is a real repository, made by fast-import and read as a user's.</summary>
    [Theory(Explicit = true)]
    [InlineData("core.jsonl.gz", 1)]
    [InlineData("mainline-vs-tagged.jsonl.gz", 50)]
    [InlineData("mainline-matrix.jsonl.gz", 50)]
    public async Task Real_repositories_have_the_versions_that_GitVersion_gives_them(string file, int oneIn)
    {
        var failures = new ConcurrentBag<string>();
        using var place = new TestRepository(initialise: false);
        var processes = place.Processes;
        await Parallel.ForEachAsync(RecordedData.Lines(Folder + file).Where((_, i) => i % oneIn == 0).Select(ConformanceCase.Parse), async (x, _) =>
        {
            var repository = place.Root / x.Id;
            if (!Accepted.ContainsKey(x.Id) && await x.DifferencesAsync(processes, repository) is { Count: > 0 } differences)
                failures.Add($"{x.Name}: {string.Join("; ", differences)}");
            repository.DeleteDirectory();
        });
        failures.Order(StringComparer.Ordinal).Take(20).ShouldBeEmpty($"{failures.Count} differ");
    }

    [Fact]
    public void Raising_a_version_gives_what_GitVersion_gives()
    {
        var cases = RecordedData.Lines(Folder + "semver-increments.jsonl").Select(x => JsonNode.Parse(x)!).ToList();
        cases.Count.ShouldBe(1_152);
        var reader = new VersionReader(VersioningConfigurationReader.Default);
        foreach (var x in cases)
        {
            var version = reader.ReadTag((string)x["version"]!).ShouldNotBeNull();
            version.Increment(Enum.Parse<VersionPart>((string)x["increment"]!), (string?)x["label"], Enum.Parse<IncrementMode>((string)x["mode"]!))
                .ToString().ShouldBe((string)x["expected"]!, x.ToJsonString());
        }
    }

    [Fact]
    public void Merge_messages_say_what_GitVersion_reads_in_them()
    {
        var cases = RecordedData.Lines(Folder + "merge-messages.jsonl").Select(x => JsonNode.Parse(x)!).ToList();
        cases.Count.ShouldBe(34);
        var configuration = VersioningConfigurationReader.Default;
        var reader = new MergeMessageReader(configuration, new ConfiguredBranches(configuration), new VersionReader(configuration));
        foreach (var x in cases)
        {
            var read = reader.Read((string)x["message"]!).ShouldNotBeNull(x.ToJsonString());
            read.Format.ShouldBe((string)x["format"]!);
            read.MergedBranch.Friendly.ShouldBe((string)x["mergedBranch"]!, x.ToJsonString());
            read.TargetBranch.ShouldBe((string?)x["targetBranch"], x.ToJsonString());
            read.Version?.ToString().ShouldBe((string?)x["version"], x.ToJsonString());
            read.PullRequest.ShouldBe((int?)x["pullRequest"], x.ToJsonString());
        }
    }

    static void Compare(string file, int count, int oneIn)
    {
        var lines = RecordedData.Lines(Folder + file).ToList();
        lines.Count.ShouldBe(count);
        var failures = lines.Where((_, i) => i % oneIn == 0).AsParallel().AsOrdered().Select(ConformanceCase.Parse)
            .Where(x => !Accepted.ContainsKey(x.Id))
            .Select(x => (x.Name, Differences: x.Differences())).Where(x => x.Differences.Count > 0).ToList();
        failures.Take(20).Select(x => $"{x.Name}: {string.Join("; ", x.Differences)}").ShouldBeEmpty($"{failures.Count} differ");
    }
}
