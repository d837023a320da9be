using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>A file as it shall be in the next commit.</summary>
/// <param name="Path">From the root of the work tree, with slashes.</param>
/// <param name="Content">All of it.</param>
public sealed record FileChange(string Path, ImmutableArray<byte> Content);
