namespace Fairlead.Versioning;

/// <summary>GitVersion's output variables, under its names and with its formats (those of 6.8).</summary>
public record VersionVariables
{
    /// <summary>First number.</summary>
    public required int Major { get; init; }

    /// <summary>Second number.</summary>
    public required int Minor { get; init; }

    /// <summary>Third number.</summary>
    public required int Patch { get; init; }

    /// <summary><c>1.2.3</c>.</summary>
    public required string MajorMinorPatch { get; init; }

    /// <summary><c>1.2.3-beta.4</c>.</summary>
    public required string SemVer { get; init; }

    /// <summary><c>1.2.3-beta.4+5</c>.</summary>
    public required string FullSemVer { get; init; }

    /// <summary><c>1.2.3-beta.4+5.Branch.main.Sha.0123…</c>, or what <c>assembly-informational-format</c> says.</summary>
    public required string InformationalVersion { get; init; }

    /// <summary><c>beta.4</c>; empty without one.</summary>
    public required string PreReleaseTag { get; init; }

    /// <summary><c>-beta.4</c>; empty without one.</summary>
    public required string PreReleaseTagWithDash { get; init; }

    /// <summary><c>beta</c>; empty without one.</summary>
    public required string PreReleaseLabel { get; init; }

    /// <summary><c>-beta</c>; empty without one.</summary>
    public required string PreReleaseLabelWithDash { get; init; }

    /// <summary><c>4</c>; null without one.</summary>
    public required long? PreReleaseNumber { get; init; }

    /// <summary>The pre-release number raised by the branch's weight, so that installers that know numbers alone sort versions.</summary>
    public required long WeightedPreReleaseNumber { get; init; }

    /// <summary>The number of commits since the version source, in <see cref="DeploymentMode.ManualDeployment"/>; otherwise null.</summary>
    public required long? BuildMetaData { get; init; }

    /// <summary><c>5.Branch.main.Sha.0123…</c>.</summary>
    public required string FullBuildMetaData { get; init; }

    /// <summary>Assembly version; null when the scheme is <see cref="AssemblyVersioningScheme.None"/>.</summary>
    public required string? AssemblySemVer { get; init; }

    /// <summary>File version; null when the scheme is <see cref="AssemblyVersioningScheme.None"/>.</summary>
    public required string? AssemblySemFileVer { get; init; }

    /// <summary>Short name of the branch.</summary>
    public required string BranchName { get; init; }

    /// <summary>The same with hyphens for everything that is not a letter, a digit or a hyphen.</summary>
    public required string EscapedBranchName { get; init; }

    /// <summary>Full id of the commit.</summary>
    public required string Sha { get; init; }

    /// <summary>The first seven digits.</summary>
    public required string ShortSha { get; init; }

    /// <summary>Committer time in the configured format.</summary>
    public required string CommitDate { get; init; }

    /// <summary>Number of commits since the version source, this one included.</summary>
    public required long VersionSourceDistance { get; init; }

    /// <summary>The same under its older name.</summary>
    public long CommitsSinceVersionSource => VersionSourceDistance;

    /// <summary>Full id of the commit that the version comes from; empty when it comes from no commit.</summary>
    public required string VersionSourceSha { get; init; }

    /// <summary>The version found there.</summary>
    public required string VersionSourceSemVer { get; init; }

    /// <summary>What was raised since: <c>None</c>, <c>Patch</c>, <c>Minor</c> or <c>Major</c>.</summary>
    public required string VersionSourceIncrement { get; init; }

    /// <summary>Number of files that differ from the commit.</summary>
    public required int UncommittedChanges { get; init; }
}
