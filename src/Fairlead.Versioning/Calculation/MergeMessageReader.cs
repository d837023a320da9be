using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.Versioning;

/// <summary>
/// Recognises the messages that git and the servers give merge commits (GitVersion's reference/configuration, "merge-message-formats"): the user's own formats
/// first, then the known ones.
/// </summary>
sealed partial class MergeMessageReader
{
    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    const int Patience = 1000;
    const string RemoteTracking = "RemoteTracking";
    static readonly string[] Beginnings = ["Merge", "Finish ", "Pull request #"];
    static readonly (string Name, Regex Pattern)[] Known =
    [
        ("Default", Git()),
        ("SmartGit", SmartGit()),
        ("BitBucketPull", BitBucket()),
        ("BitBucketPullv7", BitBucket7()),
        ("BitBucketCloudPull", BitBucketCloud()),
        ("GitHubPull", GitHub()),
        (RemoteTracking, Remote()),
        ("AzureDevOpsPull", AzureDevOps()),
    ];

    readonly ConfiguredBranches _branches;
    readonly VersionReader _versions;
    readonly ImmutableArray<(string Name, UserPattern Pattern)> _own;

    public MergeMessageReader(VersioningConfiguration configuration, ConfiguredBranches branches, VersionReader versions)
    {
        (_branches, _versions) = (branches, versions);
        _own = [.. configuration.MergeMessageFormats.Select(x => (x.Key, new UserPattern($"merge-message-formats.{x.Key}", x.Value)))];
        string[] rules =
        [
            configuration.TagPrefix, configuration.VersionInBranchPattern, configuration.SemanticVersionFormat.ToString(),
            .. configuration.MergeMessageFormats.Select(x => x.Value),
            .. configuration.Branches.Select(x => $"{x.Value.IsReleaseBranch} {x.Value.Pattern}"),
        ];
        ReleaseKey = "release-merges-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', rules))))[..16];
    }

    /// <summary>Names <see cref="NamesRelease"/>: equal for equal configurations.</summary>
    public string ReleaseKey { get; }

    /// <summary>Reads a message; null when it has no known form.</summary>
    public MergeMessage? Read(string message)
    {
        foreach (var (name, pattern) in _own)
        {
            if (pattern.Match(message) is { Success: true } match)
                return Make(name, match);
        }

        if (!Array.Exists(Beginnings, x => message.StartsWith(x, StringComparison.OrdinalIgnoreCase)))
            return null;
        try
        {
            return Known.Select(x => (x.Name, Match: x.Pattern.Match(message))).FirstOrDefault(x => x.Match.Success) is (var name, { } match) ? Make(name, match) : null;
        }
        catch (RegexMatchTimeoutException)
        {
            // No server writes a message of so many megabytes.
            return null;
        }
    }

    /// <summary>Whether a message tells of the merge of a release branch, and of which version.</summary>
    public bool NamesRelease(string message) => Read(message) is { Version: not null } read && _branches.IsRelease(read.MergedBranch);

    MergeMessage Make(string format, Match match)
    {
        var source = match.Groups["SourceBranch"].Value;
        var branch = format == RemoteTracking ? BranchName.Remote(source) : BranchName.Meant(source);
        return new MergeMessage(
            format,
            branch,
            match.Groups["TargetBranch"] is { Success: true } target ? target.Value : null,
            int.TryParse(match.Groups["PullRequestNumber"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
            _versions.ReadBranch(branch.Short)?.Version);
    }

    [GeneratedRegex(@"\AMerge (branch|tag) '(?<SourceBranch>[^']*)'( into (?<TargetBranch>\S*))*", Options, Patience)]
    private static partial Regex Git();

    [GeneratedRegex(@"\AFinish (?<SourceBranch>\S*)( into (?<TargetBranch>\S*))*", Options, Patience)]
    private static partial Regex SmartGit();

    [GeneratedRegex(@"\AMerge pull request #(?<PullRequestNumber>[0-9]+) (from|in) .* from (?<SourceBranch>\S*) to (?<TargetBranch>\S*)", Options, Patience)]
    private static partial Regex BitBucket();

    [GeneratedRegex(@"\APull request #(?<PullRequestNumber>[0-9]+).*\r?\n\r?\nMerge in .* from (?<SourceBranch>\S*) to (?<TargetBranch>\S*)", Options, Patience)]
    private static partial Regex BitBucket7();

    [GeneratedRegex(@"\AMerged in (?<SourceBranch>\S*) \(pull request #(?<PullRequestNumber>[0-9]+)\)", Options, Patience)]
    private static partial Regex BitBucketCloud();

    [GeneratedRegex(@"\AMerge pull request #(?<PullRequestNumber>[0-9]+) (from|in) ([^\s/]+/)?(?<SourceBranch>\S*)( into (?<TargetBranch>\S*))*", Options, Patience)]
    private static partial Regex GitHub();

    [GeneratedRegex(@"\AMerge remote-tracking branch '(?<SourceBranch>\S*)'( into (?<TargetBranch>\S*))*", Options, Patience)]
    private static partial Regex Remote();

    [GeneratedRegex(@"\AMerge pull request (?<PullRequestNumber>[0-9]+) from (?<SourceBranch>\S*) into (?<TargetBranch>\S*)", Options, Patience)]
    private static partial Regex AzureDevOps();
}
