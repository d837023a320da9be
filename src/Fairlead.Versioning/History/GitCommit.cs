using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>One commit.</summary>
/// <param name="Id">Its full id.</param>
/// <param name="Parents">The full ids of its parents: none for the first commit, several for a merge.</param>
/// <param name="Time">Committer time, in UTC.</param>
/// <param name="Message">The whole message, lines ended with line feeds.</param>
public sealed record GitCommit(string Id, ImmutableArray<string> Parents, DateTimeOffset Time, string Message);
