using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>What GitVersion.yml says, on top of the workflow that it names. The keys and their meaning are those of GitVersion 6.</summary>
public sealed record VersioningConfiguration
{
    /// <summary><c>workflow</c>; by default <c>GitFlow/v1</c>.</summary>
    public required string Workflow { get; init; }

    /// <summary><c>tag-prefix</c>: a regular expression for what stands before the version in a tag.</summary>
    public required string TagPrefix { get; init; }

    /// <summary><c>version-in-branch-pattern</c>: a regular expression with a group <c>version</c>.</summary>
    public required string VersionInBranchPattern { get; init; }

    /// <summary><c>next-version</c>, as written; null when the file says nothing.</summary>
    public string? NextVersion { get; init; }

    /// <summary><c>major-version-bump-message</c>; null for GitVersion's own.</summary>
    public string? MajorBumpMessage { get; init; }

    /// <summary><c>minor-version-bump-message</c>; null for GitVersion's own.</summary>
    public string? MinorBumpMessage { get; init; }

    /// <summary><c>patch-version-bump-message</c>; null for GitVersion's own.</summary>
    public string? PatchBumpMessage { get; init; }

    /// <summary><c>no-bump-message</c>; null for GitVersion's own.</summary>
    public string? NoBumpMessage { get; init; }

    /// <summary><c>commit-message-convention</c>.</summary>
    public CommitMessageConvention CommitMessageConvention { get; init; }

    /// <summary><c>tag-pre-release-weight</c>: added for versions without a pre-release.</summary>
    public int TagPreReleaseWeight { get; init; } = 60_000;

    /// <summary><c>commit-date-format</c>: a date format of .NET.</summary>
    public string CommitDateFormat { get; init; } = "yyyy-MM-dd";

    /// <summary><c>merge-message-formats</c>: names and regular expressions, tried in this order before the known ones.</summary>
    public ImmutableArray<KeyValuePair<string, string>> MergeMessageFormats { get; init; } = [];

    /// <summary><c>semantic-version-format</c>.</summary>
    public SemanticVersionFormat SemanticVersionFormat { get; init; }

    /// <summary><c>strategies</c>.</summary>
    public required VersionStrategies Strategies { get; init; }

    /// <summary><c>ignore</c>.</summary>
    public IgnoreConfiguration Ignore { get; init; } = new();

    /// <summary><c>update-build-number</c>.</summary>
    public bool UpdateBuildNumber { get; init; } = true;

    /// <summary><c>assembly-versioning-scheme</c>.</summary>
    public AssemblyVersioningScheme AssemblyVersioningScheme { get; init; } = AssemblyVersioningScheme.MajorMinorPatch;

    /// <summary><c>assembly-file-versioning-scheme</c>.</summary>
    public AssemblyVersioningScheme AssemblyFileVersioningScheme { get; init; } = AssemblyVersioningScheme.MajorMinorPatch;

    /// <summary><c>assembly-versioning-format</c>; null: the scheme decides.</summary>
    public string? AssemblyVersioningFormat { get; init; }

    /// <summary><c>assembly-file-versioning-format</c>; null: the scheme decides.</summary>
    public string? AssemblyFileVersioningFormat { get; init; }

    /// <summary><c>assembly-informational-format</c>; null: GitVersion's own.</summary>
    public string? AssemblyInformationalFormat { get; init; }

    /// <summary>The branch keys at the root of the file: for what a branch's own settings leave open.</summary>
    public required BranchConfiguration Defaults { get; init; }

    /// <summary><c>branches</c>, by key, in the order in which their patterns are tried: <c>unknown</c> is last.</summary>
    public required ImmutableArray<KeyValuePair<string, BranchConfiguration>> Branches { get; init; }

    /// <summary>What the user should know of the file that was read, though it can be used: shown once, changes no version.</summary>
    public ImmutableArray<Problem> Warnings { get; init; } = [];
}
