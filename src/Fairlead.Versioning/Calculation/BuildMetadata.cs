using System.Text.RegularExpressions;

namespace Fairlead.Versioning;

/// <summary>What a version tag says after its plus sign, as far as it makes two versions different for GitVersion.</summary>
sealed partial record BuildMetadata(long? Number, string? Branch, string? Sha)
{
    public static BuildMetadata? Parse(string text)
    {
        if (text.Length == 0)
            return null;
        var match = Parts().Match(text);
        var metadata = new BuildMetadata(
            long.TryParse(match.Groups["number"].ValueSpan, out var number) ? number : null,
            match.Groups["branch"] is { Success: true } branch ? branch.Value : null,
            match.Groups["sha"] is { Success: true } sha ? sha.Value : null);
        return metadata == Empty ? null : metadata;
    }

    static BuildMetadata Empty { get; } = new(null, null, null);

    [GeneratedRegex(@"\A(?<number>[0-9]+)?(?:\.?Branch(?:Name)?\.(?<branch>[^.]+))?(?:\.?Sha?\.(?<sha>[^.]+))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parts();
}
