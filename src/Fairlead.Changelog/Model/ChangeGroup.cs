using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>The changes of one kind.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Changes">The changes, newest first.</param>
public sealed record ChangeGroup(ChangeType Type, ImmutableArray<Change> Changes);
