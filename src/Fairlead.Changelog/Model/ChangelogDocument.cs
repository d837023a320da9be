using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>What is told of a history. All documents and the JSON form are made of it.</summary>
/// <param name="Releases">The releases, newest first.</param>
/// <param name="Links">Where things can be seen, or null when nobody knows.</param>
public sealed record ChangelogDocument(ImmutableArray<ReleaseEntry> Releases, RepositoryLinks? Links);
