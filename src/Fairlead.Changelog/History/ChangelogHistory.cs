using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>The releases of a repository or of one package in it: a plain value, read by <see cref="ChangelogHistoryReader"/> or made by a test.</summary>
/// <param name="Releases">The releases, newest first. Each commit belongs to the first release that contains it.</param>
/// <param name="RemoteUrl">URL of the remote named <c>origin</c>, without any user name or password; null when there is none.</param>
public sealed record ChangelogHistory(ImmutableArray<HistoryRelease> Releases, string? RemoteUrl = null);
