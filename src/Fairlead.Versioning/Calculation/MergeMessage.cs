namespace Fairlead.Versioning;

/// <summary>What the message of a merge commit says.</summary>
/// <param name="Format">Which form it has: a name of <c>merge-message-formats</c>, or GitVersion's name of a known one.</param>
/// <param name="MergedBranch">The branch (or tag) that was merged.</param>
/// <param name="TargetBranch">The branch that it was merged into; null when the message does not say.</param>
/// <param name="PullRequest">The number of the pull request; null when it was none.</param>
/// <param name="Version">The version in the name of the merged branch; null when there is none.</param>
sealed record MergeMessage(string Format, BranchName MergedBranch, string? TargetBranch, int? PullRequest, LabelledVersion? Version);
