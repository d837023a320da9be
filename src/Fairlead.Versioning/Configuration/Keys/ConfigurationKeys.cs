using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Versioning;

/// <summary>Every key of GitVersion.yml.</summary>
static class ConfigurationKeys
{
    // What GitVersion takes for a branch that its workflow does not have.
    static readonly BranchConfiguration OwnBranch = new() { Increment = IncrementStrategy.None, SourceBranches = [], IsSourceBranchFor = [] };

    /// <summary>The keys that stand at the root only.</summary>
    public static ImmutableArray<Key<VersioningConfiguration>> Root { get; } =
    [
        new(
            "workflow",
            Workflows.Names.Words,
            "The workflow that everything else is put on top of; by default GitFlow/v1.",
            Workflows.Names.Schema,
            (configuration, _, _) => configuration),
        Of("strategies", Shapes.Strategies, "Where base versions are looked for.", (x, value) => x with { Strategies = value }),
        Of("next-version", Shapes.TextOrNull(Shapes.Version), "The next version is not lower than this.", (x, value) => x with { NextVersion = value }),
        Of("tag-prefix", Shapes.TextOrNull(Shapes.Pattern), "What stands before the version in a tag.", (x, value) => x with { TagPrefix = value ?? "" }),
        Of("version-in-branch-pattern", Shapes.Pattern, "The version in the name of a release branch: the group 'version'.", (x, value) => x with { VersionInBranchPattern = value }),
        Of("semantic-version-format", Shapes.Word<SemanticVersionFormat>(), "Whether a version must have exactly three numbers.", (x, value) => x with { SemanticVersionFormat = value }),
        Of(
            "commit-message-convention",
            Shapes.HyphenatedWord<CommitMessageConvention>(),
            "Fairlead's own: whether Conventional Commits raise the version too; by default none.",
            (x, value) => x with { CommitMessageConvention = value }),
        Of("major-version-bump-message", Shapes.TextOrNull(Shapes.Pattern), "Commit messages that raise the first number.", (x, value) => x with { MajorBumpMessage = value }),
        Of("minor-version-bump-message", Shapes.TextOrNull(Shapes.Pattern), "Commit messages that raise the second number.", (x, value) => x with { MinorBumpMessage = value }),
        Of("patch-version-bump-message", Shapes.TextOrNull(Shapes.Pattern), "Commit messages that raise the third number.", (x, value) => x with { PatchBumpMessage = value }),
        Of("no-bump-message", Shapes.TextOrNull(Shapes.Pattern), "Commit messages that raise nothing, whatever else they say.", (x, value) => x with { NoBumpMessage = value }),
        Of("merge-message-formats", Shapes.NamedPatterns, "Merge messages of your own, by name; groups SourceBranch, TargetBranch, PullRequestNumber.", AddFormats),
        IgnoreKeys.Section.As<VersioningConfiguration>("ignore", "Commits that do not count.", x => x.Ignore, (x, value) => x with { Ignore = value }),
        Of("tag-pre-release-weight", Shapes.Count, "WeightedPreReleaseNumber of versions without a pre-release.", (x, value) => x with { TagPreReleaseWeight = value }),
        Of("commit-date-format", Shapes.Text, "Format of CommitDate: a date format of .NET.", (x, value) => x with { CommitDateFormat = value }),
        Of("update-build-number", Shapes.Flag, "Whether the build server is told the version.", (x, value) => x with { UpdateBuildNumber = value }),
        Of("assembly-versioning-scheme", Shapes.Word<AssemblyVersioningScheme>(), "Which numbers AssemblySemVer has.", (x, value) => x with { AssemblyVersioningScheme = value }),
        Of("assembly-file-versioning-scheme", Shapes.Word<AssemblyVersioningScheme>(), "Which numbers AssemblySemFileVer has.", (x, value) => x with { AssemblyFileVersioningScheme = value }),
        Of("assembly-versioning-format", Shapes.TextOrNull(Shapes.Text), "AssemblySemVer made of other variables, instead of the scheme.", (x, value) => x with { AssemblyVersioningFormat = value }),
        Of(
            "assembly-file-versioning-format",
            Shapes.TextOrNull(Shapes.Text),
            "AssemblySemFileVer made of other variables, instead of the scheme.",
            (x, value) => x with { AssemblyFileVersioningFormat = value }),
        Of("assembly-informational-format", Shapes.TextOrNull(Shapes.Text), "InformationalVersion made of other variables.", (x, value) => x with { AssemblyInformationalFormat = value }),
        new("branches", "branches with their keys", "Branches, each under a key of its own, with the keys below.", BranchesSchema, ApplyBranches),
    ];

    /// <summary>All keys of the root: its own and those of branches.</summary>
    public static KeySection<VersioningConfiguration> Section { get; } = new(
        [.. Root, .. BranchKeys.Section.Keys.Select(x => x.In<VersioningConfiguration>(y => y.Defaults, (y, value) => y with { Defaults = value }))]);

    static Key<VersioningConfiguration> Of<T>(string name, Shape<T> shape, string description, Func<VersioningConfiguration, T, VersioningConfiguration> set) =>
        Key<VersioningConfiguration>.Of(name, shape, description, set);

    static VersioningConfiguration AddFormats(VersioningConfiguration configuration, ImmutableArray<KeyValuePair<string, string>> formats) =>
        formats.Aggregate(configuration, (x, format) => x with { MergeMessageFormats = With(x.MergeMessageFormats, format.Key, format.Value) });

    static VersioningConfiguration ApplyBranches(VersioningConfiguration configuration, YamlValue value, FileReading reading)
    {
        if (value is not YamlMap map)
        {
            if (!value.IsNull)
                reading.Report(value, "'branches' must be branches with their keys.", "Write, for instance, 'main:' below it and the keys of that branch below that, each indented further.");
            return configuration;
        }

        foreach (var (name, keys) in map.Entries)
        {
            var branch = configuration.Branches.FirstOrDefault(x => x.Key == name.Text).Value ?? OwnBranch;
            if (keys is YamlMap settings)
                branch = BranchKeys.Section.Apply(branch, settings, reading);
            else if (!keys.IsNull)
                reading.Report(keys, $"The branch '{name.Text}' must be keys with values.", "Write, for instance, 'label: beta' below it, indented.");
            configuration = configuration with { Branches = With(configuration.Branches, name.Text, branch) };
        }

        return configuration;
    }

    static ImmutableArray<KeyValuePair<string, T>> With<T>(ImmutableArray<KeyValuePair<string, T>> entries, string key, T value)
    {
        var entry = KeyValuePair.Create(key, value);
        var index = entries.Select(x => x.Key).ToList().IndexOf(key);
        return index < 0 ? entries.Add(entry) : entries.SetItem(index, entry);
    }

    static JsonObject BranchesSchema() => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["additionalProperties"] = new JsonObject { ["$ref"] = "#/$defs/branch" },
    };
}
