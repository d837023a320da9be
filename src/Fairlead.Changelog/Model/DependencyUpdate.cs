using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>All updates of one dependency in a release, as one.</summary>
/// <param name="Package">Its name.</param>
/// <param name="From">The version before the first of them, or null when nobody said.</param>
/// <param name="To">The version after the last.</param>
/// <param name="Commits">Full ids of the commits, newest first.</param>
/// <param name="PullRequests">Numbers of the pull requests, newest first.</param>
public sealed record DependencyUpdate(string Package, string? From, string To, ImmutableArray<string> Commits, ImmutableArray<string> PullRequests);
