using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Versioning.Tests;

/// <summary>One recorded state of a repository and GitVersion's answer to it.</summary>
sealed class ConformanceCase
{
    static readonly Dictionary<string, VersioningConfiguration> Configurations = [];
    readonly JsonNode _json;

    ConformanceCase(JsonNode json) => _json = json;

    public string Id => (string)_json["id"]!;

    public string Name => $"{Id} {(string)_json["test"]!}#{_json["step"]}";

    public static ConformanceCase Parse(string line) => new(JsonNode.Parse(line)!);

    /// <summary>The variables in which the answers differ; empty when they agree.</summary>
    public List<string> Differences()
    {
        var (history, repository) = Repository();
        VersionCalculation answer;
        try
        {
            answer = VersionCalculator.Calculate(repository, Configuration(), Request());
        }
        catch (Exception failure) when (failure is Fairlead.Tooling.UserErrorException or InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            return [$"{failure.GetType().Name}: {failure.Message.Split('\n')[0]} {failure.StackTrace?.Split('\n')[0]}"];
        }

        var variables = answer.Variables;
        var actual = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["FullSemVer"] = variables.FullSemVer,
            ["SemVer"] = variables.SemVer,
            ["MajorMinorPatch"] = variables.MajorMinorPatch,
            ["PreReleaseLabel"] = variables.PreReleaseLabel,
            ["PreReleaseNumber"] = variables.PreReleaseNumber,
            ["WeightedPreReleaseNumber"] = variables.WeightedPreReleaseNumber,
            ["BuildMetaData"] = variables.BuildMetaData,
            ["VersionSourceDistance"] = variables.VersionSourceDistance,
            ["VersionSourceIncrement"] = variables.VersionSourceIncrement,
            ["VersionSourceSemVer"] = variables.VersionSourceSemVer,
            ["AssemblySemVer"] = variables.AssemblySemVer,
            ["AssemblySemFileVer"] = variables.AssemblySemFileVer,
            ["BranchName"] = variables.BranchName,
            ["VersionSource"] = answer.Source,
            ["InformationalVersion"] = variables.InformationalVersion.Replace(variables.Sha, "{sha}", StringComparison.Ordinal),
        };
        answer.Version.ToString().ShouldBe(variables.SemVer);
        return
        [
            .. _json["expected"]!.AsObject()
                .Select(x => (x.Key, Expected: Text(x.Value), Actual: Text(actual.GetValueOrDefault(x.Key, "(not compared)"))))
                .Where(x => x.Expected != x.Actual).Select(x => $"{x.Key}: {x.Expected} expected, {x.Actual} found"),
        ];
    }

    VersioningConfiguration Configuration()
    {
        var config = _json["config"]!.AsObject();
        var merged = config["overrides"]?.DeepClone().AsObject() ?? [];
        merged["workflow"] = (string?)config["workflow"];
        if (merged["ignore"]?["sha"] is JsonArray ids)
        {
            for (var i = 0; i < ids.Count; i++)
                ids[i] = MemoryHistory.Id(int.Parse(((string)ids[i]!)[1..], CultureInfo.InvariantCulture));
        }

        var text = merged.ToJsonString();
        lock (Configurations)
        {
            if (!Configurations.TryGetValue(text, out var configuration))
                Configurations[text] = configuration = VersioningConfigurationReader.Parse(text, "GitVersion.yml");
            return configuration;
        }
    }

    VersionRequest Request() => new()
    {
        CommitId = (string?)_json["commitId"] is ['#', .. var number] ? MemoryHistory.Id(int.Parse(number, CultureInfo.InvariantCulture)) : (string?)_json["commitId"],
        TargetBranch = (string?)_json["targetBranch"],
        OnlyTrackedBranches = (bool?)_json["onlyTrackedBranches"] ?? false,
    };

    (MemoryHistory History, RepositoryHistory Repository) Repository()
    {
        var history = new MemoryHistory();
        foreach (var commit in _json["commits"]!.AsArray())
        {
            var time = commit!["t"]!.GetValueKind() == JsonValueKind.String
                ? DateTimeOffset.Parse((string)commit["t"]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : MemoryHistory.Start.AddMinutes((int)commit["t"]!);
            history.Commit((string)commit["m"]!, time.ToUnixTimeSeconds(), [.. commit["f"]?.AsArray().Select(x => (string)x!) ?? []], [.. commit["p"]!.AsArray().Select(x => (int)x!)]);
        }

        var references = _json["refs"]!.AsObject();
        foreach (var (name, _) in references)
            history.Reference(name, Commit(references, name));
        if (_json["head"]!.GetValueKind() == JsonValueKind.Number)
            return (history, history.Detached((int)_json["head"]!));
        return (history, history.On(((string)_json["head"]!)["ref: refs/heads/".Length..]));
    }

    static int Commit(JsonObject references, string name) => references[name] switch
    {
        JsonObject annotated => (int)annotated["annotated"]!,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Commit(references, ((string)value!)["ref: ".Length..]),
        var value => (int)value!,
    };

    static string Text(object? value) => value switch
    {
        null => "(none)",
        JsonNode node => node.ToString(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
