using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A lock of this process, which knows the journal by itself: nobody else can append to it.</summary>
interface IHeldGitLock : IDeploymentLock
{
    /// <summary>All entries with those that are kept for later, or null when the lock was lost.</summary>
    ImmutableArray<JournalEntry>? Journal { get; }
}
