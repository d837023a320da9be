using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>Makes the output variables of a version (reference/variables), the formats of GitVersion.yml filled in.</summary>
static class VersionVariableValues
{
    const int ShortIdLength = 7;

    /// <summary>What the variables are made from.</summary>
    /// <param name="Version">The version.</param>
    /// <param name="Metadata">The number of commits that shows as build metadata; null when none does.</param>
    /// <param name="Distance">The number of commits since the source.</param>
    /// <param name="SourceId">Full id of the source; empty for none.</param>
    /// <param name="SourceVersion">The version found there.</param>
    public sealed record Input(LabelledVersion Version, long? Metadata, long Distance, string SourceId, LabelledVersion SourceVersion);

    public static VersionVariables Make(CalculationContext context, Input input, int uncommittedChanges, Func<string, string?> environment)
    {
        var configuration = context.Configuration;
        var version = input.Version;
        var id = context.Graph.IdOf(context.Commit);
        var branch = context.Branch.Name.Friendly;
        var core = Text($"{version.Major}.{version.Minor}.{version.Patch}");
        var semVer = version.ToString();
        var metadata = Text($"{input.Metadata}");
        var fullMetadata = $"{metadata}.Branch.{AllowedText.Of(branch, ".")}.Sha.{id}".TrimStart('.');
        var weight = context.Branches.SettingsOf(context.Branch.Name).PreReleaseWeight;

        var variables = new VersionVariables
        {
            Major = version.Major,
            Minor = version.Minor,
            Patch = version.Patch,
            MajorMinorPatch = core,
            SemVer = semVer,
            FullSemVer = metadata.Length == 0 ? semVer : $"{semVer}+{metadata}",
            InformationalVersion = $"{semVer}+{fullMetadata}",
            PreReleaseTag = version.PreRelease,
            PreReleaseTagWithDash = WithDash(version.PreRelease),
            PreReleaseLabel = version.Label,
            PreReleaseLabelWithDash = WithDash(version.Label),
            PreReleaseNumber = version.Number,
            WeightedPreReleaseNumber = version.Number + weight ?? configuration.TagPreReleaseWeight,
            BuildMetaData = input.Metadata,
            FullBuildMetaData = fullMetadata,
            AssemblySemVer = Assembly(configuration.AssemblyVersioningScheme, version),
            AssemblySemFileVer = Assembly(configuration.AssemblyFileVersioningScheme, version),
            BranchName = branch,
            EscapedBranchName = AllowedText.Of(branch),
            Sha = id,
            ShortSha = id[..Math.Min(ShortIdLength, id.Length)],
            CommitDate = Date(DateTimeOffset.FromUnixTimeSeconds(context.Until), configuration.CommitDateFormat),
            VersionSourceDistance = input.Distance,
            VersionSourceSha = input.SourceId,
            VersionSourceSemVer = input.SourceVersion.ToString(),
            // GitVersion 6 forgets on the way what was raised, and always says this.
            VersionSourceIncrement = nameof(VersionPart.None),
            UncommittedChanges = uncommittedChanges,
        };
        return variables with
        {
            InformationalVersion = Formatted("assembly-informational-format", configuration.AssemblyInformationalFormat) ?? variables.InformationalVersion,
            AssemblySemVer = Formatted("assembly-versioning-format", configuration.AssemblyVersioningFormat) ?? variables.AssemblySemVer,
            AssemblySemFileVer = Formatted("assembly-file-versioning-format", configuration.AssemblyFileVersioningFormat) ?? variables.AssemblySemFileVer,
        };

        string? Formatted(string key, string? format)
        {
            if (string.IsNullOrEmpty(format))
                return null;
            try
            {
                return AllowedText.Of(TemplateText.Expand(format, x => Value(variables, x), environment), ".+");
            }
            catch (FormatException failure)
            {
                throw new UserErrorException(
                    $"'{key}: {format}' in GitVersion.yml cannot be filled in: {failure.Message}",
                    "Placeholders are the output variables ({Major}, {SemVer}) and environment variables ({env:BUILD_NUMBER ?? \"0\"}).", failure);
            }
        }
    }

    static string? Value(VersionVariables variables, string name) => name switch
    {
        nameof(variables.Major) => Text($"{variables.Major}"),
        nameof(variables.Minor) => Text($"{variables.Minor}"),
        nameof(variables.Patch) => Text($"{variables.Patch}"),
        nameof(variables.MajorMinorPatch) => variables.MajorMinorPatch,
        nameof(variables.SemVer) => variables.SemVer,
        nameof(variables.FullSemVer) => variables.FullSemVer,
        nameof(variables.InformationalVersion) => variables.InformationalVersion,
        nameof(variables.PreReleaseTag) => variables.PreReleaseTag,
        nameof(variables.PreReleaseTagWithDash) => variables.PreReleaseTagWithDash,
        nameof(variables.PreReleaseLabel) => variables.PreReleaseLabel,
        nameof(variables.PreReleaseLabelWithDash) => variables.PreReleaseLabelWithDash,
        nameof(variables.PreReleaseNumber) => Text($"{variables.PreReleaseNumber}"),
        nameof(variables.WeightedPreReleaseNumber) => Text($"{variables.WeightedPreReleaseNumber}"),
        nameof(variables.BuildMetaData) => Text($"{variables.BuildMetaData}"),
        nameof(variables.FullBuildMetaData) => variables.FullBuildMetaData,
        nameof(variables.AssemblySemVer) => variables.AssemblySemVer ?? "",
        // GitVersion has this name in its formats and the other one in its output.
        "AssemblyFileSemVer" or nameof(variables.AssemblySemFileVer) => variables.AssemblySemFileVer ?? "",
        nameof(variables.BranchName) => variables.BranchName,
        nameof(variables.EscapedBranchName) => variables.EscapedBranchName,
        nameof(variables.Sha) => variables.Sha,
        nameof(variables.ShortSha) => variables.ShortSha,
        nameof(variables.CommitDate) => variables.CommitDate,
        nameof(variables.CommitsSinceVersionSource) or nameof(variables.VersionSourceDistance) => Text($"{variables.VersionSourceDistance}"),
        nameof(variables.VersionSourceSha) => variables.VersionSourceSha,
        nameof(variables.VersionSourceSemVer) => variables.VersionSourceSemVer,
        nameof(variables.VersionSourceIncrement) => variables.VersionSourceIncrement,
        nameof(variables.UncommittedChanges) => Text($"{variables.UncommittedChanges}"),
        _ => null,
    };

    static string? Assembly(AssemblyVersioningScheme scheme, LabelledVersion version) => scheme switch
    {
        AssemblyVersioningScheme.Major => Text($"{version.Major}.0.0.0"),
        AssemblyVersioningScheme.MajorMinor => Text($"{version.Major}.{version.Minor}.0.0"),
        AssemblyVersioningScheme.MajorMinorPatch => Text($"{version.Major}.{version.Minor}.{version.Patch}.0"),
        AssemblyVersioningScheme.MajorMinorPatchTag => Text($"{version.Major}.{version.Minor}.{version.Patch}.{version.Number ?? 0}"),
        _ => null,
    };

    static string Date(DateTimeOffset time, string format)
    {
        try
        {
            return time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
        }
        catch (FormatException failure)
        {
            throw new UserErrorException(
                $"'commit-date-format: {format}' in GitVersion.yml is not a date format.", "Write one of .NET's, such as yyyy-MM-dd.", failure);
        }
    }

    static string WithDash(string text) => text.Length == 0 ? "" : "-" + text;

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
