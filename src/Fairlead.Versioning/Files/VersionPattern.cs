namespace Fairlead.Versioning;

/// <summary>Where a version stands in a file of any kind.</summary>
/// <param name="Expression">A regular expression with a group <c>version</c>, which is what gets replaced. Lines begin and end at <c>^</c> and <c>$</c>.</param>
public sealed record VersionPattern(string Expression)
{
    /// <summary>The variable that is written; by default <c>SemVer</c>.</summary>
    public string Variable { get; init; } = nameof(VersionVariables.SemVer);

    /// <summary>Whether it may stand there several times; by default exactly once.</summary>
    public bool SeveralTimes { get; init; }
}
