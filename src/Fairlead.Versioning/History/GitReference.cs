namespace Fairlead.Versioning;

/// <summary>A branch, a tag, or another reference to a commit.</summary>
/// <param name="Name">The whole name: <c>refs/heads/main</c>, <c>refs/remotes/origin/main</c>, <c>refs/tags/v1.0.0</c>, <c>refs/pull/5/merge</c>.</param>
/// <param name="Commit">Position in the graph; for an annotated tag that of the commit behind it.</param>
/// <param name="Upstream">For a local branch the reference that it tracks, or null.</param>
public sealed record GitReference(string Name, int Commit, string? Upstream = null);
