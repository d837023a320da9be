using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Versioning;

namespace Fairlead.Changelog;

/// <summary>The JSON form of the model, for other programs. Text is as commits have it, not escaped for Markdown.</summary>
public static partial class ChangelogJson
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default };

    /// <summary>
    /// The document, indented, ended with one line feed. The same document gives the same text. Nothing in it is a command for a build server that reads along:
    /// signs that could begin one (<c>##[</c>, and <c>::</c> at the beginning of a line) are written as escapes.
    /// </summary>
    public static string Write(ChangelogDocument document) =>
        WithoutCommands(new JsonObject { ["repository"] = document.Links?.Repository, ["releases"] = Array(document.Releases, x => Release(x, document.Links)) }.ToJsonString(Indented) + "\n");

    // Outside of texts there are neither of these signs.
    static string WithoutCommands(string json) =>
        Command().Replace(json, x => string.Concat(x.Value.Select(y => y switch { '#' => @"\u0023", ':' => @"\u003A", _ => y.ToString() })));

    static JsonObject Release(ReleaseEntry release, RepositoryLinks? links) => new()
    {
        ["version"] = release.Version,
        ["tag"] = release.Tag,
        ["previousTag"] = release.PreviousTag,
        ["isPreRelease"] = release.IsPreRelease,
        ["date"] = release.Date.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        ["commit"] = release.Commit,
        ["commitCount"] = release.CommitCount,
        ["compareUrl"] = release.CompareUrl,
        ["breaking"] = Array(release.Breaking, x => Change(x, links)),
        ["groups"] = Array(release.Groups, x => new JsonObject { ["type"] = x.Type.Name, ["title"] = x.Type.Title, ["changes"] = Array(x.Changes, y => Change(y, links)) }),
        ["dependencies"] = Array(release.Dependencies, x => new JsonObject
        {
            ["package"] = x.Package,
            ["from"] = x.From,
            ["to"] = x.To,
            ["commits"] = Array(x.Commits, y => y),
            ["pullRequests"] = Array(x.PullRequests, y => y),
        }),
        ["newContributors"] = Array(release.NewContributors, x => new JsonObject { ["name"] = x.Name, ["commit"] = x.Commit, ["pullRequest"] = x.PullRequest }),
    };

    static JsonObject Change(Change change, RepositoryLinks? links) => new()
    {
        ["type"] = change.Type,
        ["scope"] = change.Scope,
        ["description"] = change.Description,
        ["isBreaking"] = change.IsBreaking,
        ["migration"] = change.Migration,
        ["author"] = change.Author,
        ["commits"] = Array(change.Commits, x => new JsonObject { ["id"] = x, ["url"] = links?.Commit(x) }),
        ["pullRequests"] = Array(change.PullRequests, x => new JsonObject { ["number"] = x, ["url"] = links?.PullRequest(x) }),
        ["references"] = Array(change.References, x => Reference(x, links)),
    };

    static JsonObject Reference(CommitReference reference, RepositoryLinks? links) => new()
    {
        ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(reference.Kind.ToString()),
        ["id"] = reference.Id,
        ["owner"] = reference.Owner,
        ["repository"] = reference.Repository,
        ["action"] = reference.Action,
        ["url"] = links?.Reference(reference),
    };

    static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> convert) => [.. items.Select(convert)];

    [GeneratedRegex(@"##+|^[ ""]*::", RegexOptions.CultureInvariant | RegexOptions.Multiline, 1000)]
    private static partial Regex Command();
}
