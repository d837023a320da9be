using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>What GitVersion 5 had and 6 has not (GitVersion's BREAKING_CHANGES, "v6.0.0" and "v6.2.0").</summary>
static class FormerKeys
{
    public const string Tag = "tag";
    public const string MergedBranch = "prevent-increment-of-merged-branch-version";
    public const string UseBranchName = "useBranchName";
    public const string Mainline = "Mainline";

    const string NumberOfPullRequest = "The number of a pull request is the group 'Number' of 'regex'; '{Number}' in the label stands for it.";
    const string Padding = "The variables with leading zeros are gone.";
    const string NoFallback = "A branch that has no label of its own takes the one at the root.";

    /// <summary>The keys, of the root and of branches.</summary>
    public static ImmutableArray<FormerKey> Keys { get; } =
    [
        new(Tag, "label", "An empty one gives 1.0.1-46 where version 5 gave 1.0.1+46; 'label: null', at the root too, gives versions without a pre-release."),
        new("is-mainline", "is-main-branch", "The meaning is the same."),
        new("is-develop", "tracks-release-branches", "The meaning is the same."),
        new(MergedBranch, "prevent-increment: { of-merged-branch: … }", "The meaning is the same."),
        new("tag-number-pattern", null, NumberOfPullRequest),
        new("label-number-pattern", null, NumberOfPullRequest),
        new("branch-prefix-to-trim", null, "The group 'BranchName' of 'regex' is what '{BranchName}' in a label stands for."),
        new("continuous-delivery-fallback-tag", null, NoFallback),
        new("continuous-delivery-fallback-label", null, NoFallback),
        new("legacy-semver-padding", null, Padding),
        new("build-metadata-padding", null, Padding),
        new("commits-since-version-source-padding", null, Padding),
    ];

    /// <summary>Output variables that are gone, each with the nearest one that is still there.</summary>
    public static ImmutableDictionary<string, string> Variables { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["NuGetVersion"] = "SemVer",
        ["NuGetVersionV2"] = "SemVer",
        ["NuGetPreReleaseTag"] = "PreReleaseTag",
        ["NuGetPreReleaseTagV2"] = "PreReleaseTag",
        ["LegacySemVer"] = "SemVer",
        ["LegacySemVerPadded"] = "SemVer",
        ["BuildMetaDataPadded"] = "BuildMetaData",
        ["CommitsSinceVersionSourcePadded"] = "VersionSourceDistance",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>What the modes of version 5 are called now: the names have moved on by one.</summary>
    public static ImmutableDictionary<string, string> Modes { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["ContinuousDelivery"] = nameof(DeploymentMode.ManualDeployment),
        ["ContinuousDeployment"] = nameof(DeploymentMode.ContinuousDelivery),
    }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keys that version 5 had not: a file that has one of them is written for version 6, at least in part.</summary>
    public static ImmutableHashSet<string> Newer { get; } =
    [
        "workflow", "strategies", "semantic-version-format", "version-in-branch-pattern", "commit-message-convention",
        "label", "prevent-increment", "track-merge-message", "is-main-branch",
    ];

    public static FormerKey? Find(string name) => Keys.FirstOrDefault(x => x.Name == name);
}
