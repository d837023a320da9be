using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

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

    /// <summary>The variables in which the answers differ, with the repository in memory; empty when they agree.</summary>
    public List<string> Differences() => Differences(InMemory(), MemoryHistory.Id);

    /// <summary>The same with a real repository, made by fast-import in an empty directory.</summary>
    public async Task<List<string>> DifferencesAsync(IProcessRunner processes, AbsolutePath directory)
    {
        var ids = await ImportAsync(processes, directory);
        return Differences(await new RepositoryReader(processes).ReadAsync(directory), x => ids[x]);
    }

    List<string> Differences(RepositoryHistory repository, Func<int, string> idOf)
    {
        VersionCalculation answer;
        try
        {
            answer = VersionCalculator.Calculate(repository, Configuration(idOf), Request(idOf));
        }
        catch (Exception failure) when (failure is UserErrorException or InvalidOperationException or ArgumentException or KeyNotFoundException)
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
            ["VersionSource"] = answer.Source is { } source ? Enumerable.Range(0, _json["commits"]!.AsArray().Count).First(x => idOf(x) == repository.Graph.IdOf(source)) : null,
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

    VersioningConfiguration Configuration(Func<int, string> idOf)
    {
        var config = _json["config"]!.AsObject();
        var merged = config["overrides"]?.DeepClone().AsObject() ?? [];
        merged["workflow"] = (string?)config["workflow"];
        if (merged["ignore"]?["sha"] is JsonArray ids)
        {
            for (var i = 0; i < ids.Count; i++)
                ids[i] = idOf(int.Parse(((string)ids[i]!)[1..], CultureInfo.InvariantCulture));
        }

        var text = merged.ToJsonString();
        lock (Configurations)
        {
            if (!Configurations.TryGetValue(text, out var configuration))
                Configurations[text] = configuration = VersioningConfigurationReader.Parse(text, "GitVersion.yml");
            return configuration;
        }
    }

    VersionRequest Request(Func<int, string> idOf) => new()
    {
        CommitId = (string?)_json["commitId"] is ['#', .. var number] ? idOf(int.Parse(number, CultureInfo.InvariantCulture)) : (string?)_json["commitId"],
        TargetBranch = (string?)_json["targetBranch"],
        OnlyTrackedBranches = (bool?)_json["onlyTrackedBranches"] ?? false,
    };

    RepositoryHistory InMemory()
    {
        var history = new MemoryHistory();
        foreach (var commit in _json["commits"]!.AsArray())
        {
            var time = TimeOf(commit!["t"]!);
            history.Commit((string)commit["m"]!, time.ToUnixTimeSeconds(), [.. commit["f"]?.AsArray().Select(x => (string)x!) ?? []], [.. commit["p"]!.AsArray().Select(x => (int)x!)]);
        }

        var references = _json["refs"]!.AsObject();
        foreach (var (name, _) in references)
            history.Reference(name, Commit(references, name));
        if (_json["head"]!.GetValueKind() == JsonValueKind.Number)
            return history.Detached((int)_json["head"]!);
        return history.On(((string)_json["head"]!)["ref: refs/heads/".Length..]);
    }

    async Task<string[]> ImportAsync(IProcessRunner processes, AbsolutePath directory)
    {
        var import = new FastImport();
        foreach (var commit in _json["commits"]!.AsArray())
        {
            import.Commit(
                TimeOf(commit!["t"]!).ToUnixTimeSeconds(), (string)commit["m"]!, [.. commit["p"]!.AsArray().Select(x => (int)x!)], [.. commit["f"]?.AsArray().Select(x => (string)x!) ?? []]);
        }

        var references = _json["refs"]!.AsObject();
        foreach (var (name, value) in references)
        {
            if (value is JsonObject)
                import.AnnotatedTag(name["refs/tags/".Length..], Commit(references, name));
            else
                import.Reference(name, Commit(references, name));
        }

        var ids = await import.IntoAsync(processes, directory);
        (directory / ".git" / "HEAD").WriteAllText((_json["head"]!.GetValueKind() == JsonValueKind.Number ? ids[(int)_json["head"]!] : (string)_json["head"]!) + "\n");
        return ids;
    }

    static DateTimeOffset TimeOf(JsonNode time) => time.GetValueKind() == JsonValueKind.String
        ? DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : MemoryHistory.Start.AddMinutes((int)time);

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
