namespace Fairlead.Changelog;

/// <summary>Somebody whose first contribution is in a release.</summary>
/// <param name="Name">The name.</param>
/// <param name="Commit">Full id of the first commit.</param>
/// <param name="PullRequest">Number of its pull request, or null.</param>
public sealed record Contributor(string Name, string Commit, string? PullRequest);
