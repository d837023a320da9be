namespace Fairlead.Versioning.Tests;

/// <summary>Variables of a version, the rest made up.</summary>
static class SampleVariables
{
    public static VersionVariables Of(string version)
    {
        var parts = version.Split('-', 2);
        var numbers = parts[0].Split('.').Select(int.Parse).ToArray();
        var tag = parts.Length == 2 ? parts[1] : "";
        var label = tag.Split('.')[0];
        return new VersionVariables
        {
            Major = numbers[0],
            Minor = numbers[1],
            Patch = numbers[2],
            MajorMinorPatch = parts[0],
            SemVer = version,
            FullSemVer = version + "+5",
            InformationalVersion = version + "+5.Branch.main.Sha.0123456",
            PreReleaseTag = tag,
            PreReleaseTagWithDash = tag.Length == 0 ? "" : "-" + tag,
            PreReleaseLabel = label,
            PreReleaseLabelWithDash = label.Length == 0 ? "" : "-" + label,
            PreReleaseNumber = tag.Length == 0 ? null : long.Parse(tag.Split('.')[1]),
            WeightedPreReleaseNumber = 60000,
            BuildMetaData = 5,
            FullBuildMetaData = "5.Branch.main.Sha.0123456",
            AssemblySemVer = parts[0] + ".0",
            AssemblySemFileVer = parts[0] + ".0",
            BranchName = "main",
            EscapedBranchName = "main",
            Sha = new string('0', 40),
            ShortSha = "0000000",
            CommitDate = "2026-01-31",
            VersionSourceDistance = 5,
            VersionSourceSha = "",
            VersionSourceSemVer = "1.2.2",
            VersionSourceIncrement = "Patch",
            UncommittedChanges = 0,
        };
    }
}
