namespace Fairlead.Versioning;

/// <summary>One of the places that settings of a branch are looked for in.</summary>
/// <param name="Key">Its key in <c>branches</c>; null for the root of the file.</param>
/// <param name="Branch">The branch whose settings these are; null for the root of the file.</param>
/// <param name="Settings">What is said there.</param>
sealed record SettingsLevel(string? Key, string? Branch, BranchConfiguration Settings)
{
    /// <summary>A branch that says nothing of its increment has none (GitVersion's default, unlike that of all other settings).</summary>
    public IncrementStrategy Increment => Settings.Increment ?? (Branch is null ? IncrementStrategy.Inherit : IncrementStrategy.None);
}
