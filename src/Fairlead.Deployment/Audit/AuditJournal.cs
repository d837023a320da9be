using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>The journal of an environment, for a verification to compare with.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="Entries">Its journal.</param>
/// <param name="IsBusy">Whether somebody holds its lock just now, so that the log may be a little behind.</param>
public sealed record AuditJournal(string Environment, ImmutableArray<JournalEntry> Entries, bool IsBusy = false);
