using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fairlead.Changelog.Tests;

/// <summary>
/// Repositories and expected changelogs of git-cliff 2.13. Its templates, command-line arguments and rewriting of commits are its own; what is compared is which commits are
/// told in which release, for the fixtures that ask for nothing else.
/// </summary>
public sealed partial class CliffFixtureTests
{
    const string Rewrites = "commits are rewritten, grouped, split, skipped or limited by rules of git-cliff's own configuration";
    const string Prints = "what its template prints is not one line for each commit";
    const string Tags = "what is a release is said by a pattern that is no version, or releases are taken away with their commits";
    const string Submodules = "commits of submodules are told; here a repository tells its own";
    const string Context = "the input is a file of its own, or no changelog is asked for";
    const string Latest = "the latest release is asked for in the past of HEAD; here a release of another line that is later is told too";
    const string NoRelease = "the release of HEAD is asked for and there is none; git-cliff tells what is not released";

    static readonly Dictionary<string, string> NotApplicable = new(StringComparer.Ordinal)
    {
        ["test-bumped-version"] = Context,
        ["test-bumped-version-no-increment"] = Context,
        ["test-from-context"] = Context,
        ["test-from-context-does-not-discard-fields"] = Context,
        ["test-cli-arg-skip-tags"] = Tags,
        ["test-skip-tags"] = Tags,
        ["test-custom-tag-pattern"] = Tags,
        ["test-invert-ignore-tags"] = Tags,
        ["test-commit-footers"] = Prints,
        ["test-commit-statistics"] = Prints,
        ["test-release-statistics"] = Prints,
        ["test-conventional-commit"] = Prints,
        ["test-group-by-scope-filter"] = Prints,
        ["test-regex-label-grouping"] = Prints,
        ["test-commit-preprocessors"] = Rewrites,
        ["test-regex-replace-parser"] = Rewrites,
        ["test-limit-commits"] = Rewrites,
        ["test-ignore-tags"] = Rewrites,
        ["test-require-conventional-skipped"] = Rewrites,
        ["test-footer-filter"] = Rewrites,
        ["test-skip-breaking-changes"] = Rewrites,
        ["test-split-commits"] = Rewrites,
        ["test-submodules"] = Submodules,
        ["test-submodules-include-path"] = Submodules,
        ["test-submodules-include-path-config"] = Submodules,
        ["test-submodules-range"] = Submodules,
        // A tag of a tag is tested with git itself in HistoryTests.
        ["test-nested-tags"] = "its object is recorded by an id that only its own repository has",
        ["test-topo-order"] = Latest,
        ["test-topo-order-arg"] = Latest,
        ["test-keep-a-changelog-links-no-tags"] = NoRelease,
    };

    [Fact]
    public async Task Releases_have_the_commits_that_git_cliff_gives_them()
    {
        List<string> different = [];
        var compared = 0;
        foreach (var item in RecordedData.Objects("git-cliff/offline-fixtures.jsonl"))
        {
            var name = item.GetProperty("name").GetString()!;
            if (NotApplicable.ContainsKey(name) || !item.TryGetProperty("expected.md", out var expected))
                continue;
            using var repository = Make(item);
            var arguments = item.GetProperty("args").GetString() ?? "";
            var theirs = Sections(expected.GetString()!);
            var ours = await TellAsync(repository, item, theirs);
            compared++;
            if (ours != theirs)
                different.Add($"{name} {arguments}\n  ours   {ours}\n  theirs {theirs}");
        }

        different.ShouldBeEmpty();
        compared.ShouldBe(38);
    }

    static TestRepository Make(JsonElement item)
    {
        var repository = new TestRepository();
        foreach (var commit in item.GetProperty("commits").EnumerateArray())
        {
            var parents = commit.GetProperty("p").EnumerateArray().Select(x => x.GetInt32() + 1).ToArray();
            var path = commit.TryGetProperty("files", out var files) && files.ValueKind == JsonValueKind.Array && files.GetArrayLength() > 0 ? files[0].GetString() : null;
            repository.Commit(commit.GetProperty("message").GetString()!, parents, path: path, time: commit.GetProperty("time").GetInt64());
        }

        var references = item.GetProperty("refs").EnumerateObject().ToList();
        foreach (var reference in references.Where(x => x.Name.StartsWith("refs/tags/", StringComparison.Ordinal)))
        {
            if (Target(reference.Value) is { } target)
                repository.Tag(reference.Name["refs/tags/".Length..], target + 1);
        }

        var head = item.GetProperty("head").GetString()!["ref: ".Length..];
        return repository.Make(references.FirstOrDefault(x => x.Name == head).Value is { ValueKind: not JsonValueKind.Undefined } tip ? Target(tip) + 1 : null);
    }

    static int? Target(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetInt32(),
        JsonValueKind.Object => Target(value.EnumerateObject().First().Value),
        _ => null,
    };

    static async Task<string> TellAsync(TestRepository repository, JsonElement item, string theirs)
    {
        var arguments = item.GetProperty("args").GetString() ?? "";
        var configuration = item.GetProperty("cliff.toml").GetString() ?? "";
        var tag = TagArgument().Match(arguments).Groups["tag"].Value;
        // The version is given to a changelog, not found by it.
        if (arguments.Contains("--bump", StringComparison.Ordinal) || configuration.Contains("[bump]", StringComparison.Ordinal))
            tag = theirs.Split(':')[0];
        var paths = IncludedPath().Matches($"{arguments} {item.GetProperty("env").GetString()} {configuration}").Select(x => x.Groups["path"].Value);
        var history = await repository.ReadAsync(x => x with
        {
            FoldPreReleases = arguments.Contains("ignore-tags", StringComparison.Ordinal) || configuration.Contains("ignore_tags", StringComparison.Ordinal),
            UnreleasedVersion = tag.Length > 0 ? TagNames.VersionOf(tag) : null,
            Paths = [.. paths],
        });
        var releases = history.Releases.AsEnumerable();
        if (arguments.Contains("--unreleased", StringComparison.Ordinal))
            releases = releases.Where(x => x.Tag is null);
        else if (arguments.Contains("--latest", StringComparison.Ordinal) || arguments.Contains("--current", StringComparison.Ordinal))
            releases = releases.Where(x => x.Tag is not null).Take(1);
        return Text(releases.Select(x => (x.Tag?.Label ?? x.Version?.ToString() ?? "unreleased", x.Commits.Where(y => Versioning.ConventionalCommit.Parse(y.Message).Type is not null || theirs.Contains(Plain(y.Message.Split('\n')[0]), StringComparison.Ordinal)).Select(y => Plain(y.Message.Split('\n')[0])))));
    }

    /// <summary>Headings of the second level and the bullets under them.</summary>
    static string Sections(string markdown)
    {
        List<(string Name, List<string> Commits)> sections = [];
        foreach (var line in markdown.Split('\n'))
        {
            if (Heading().Match(line) is { Success: true } heading)
                sections.Add((heading.Groups["name"].Value.ToLowerInvariant(), []));
            else if (line.TrimStart().StartsWith("- ", StringComparison.Ordinal) && sections.Count > 0)
                sections[^1].Commits.Add(Plain(line.TrimStart()[2..]));
        }

        return Text(sections.Select(x => (x.Name, x.Commits.AsEnumerable())));
    }

    static string Text(IEnumerable<(string Name, IEnumerable<string> Commits)> sections) =>
        string.Join(" | ", sections.Where(x => x.Commits.Any()).Select(x => $"{x.Name}: {string.Join(", ", x.Commits.Order(StringComparer.Ordinal))}"));

    // git-cliff tells the description alone, begun with a capital, with a scope before it in some templates.
    static string Plain(string text) => Prefix().Replace(text.Trim(), "").Trim().ToLowerInvariant();

    [GeneratedRegex(@"^## \[?v?(?<name>[^\]\s]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(\*?\([\w -]+\)\*? |\w+(\([^)]*\))?!?: |\*\*[\w-]+:?\*\*:? |\[\*\*breaking\*\*\] )+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"--tag[= ]v?(?<tag>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TagArgument();

    [GeneratedRegex(@"(?<path>[\w.]+)/\*\*/\*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IncludedPath();
}
