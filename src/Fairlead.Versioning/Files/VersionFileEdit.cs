using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>A version written into the text of a file, not yet into the file.</summary>
/// <param name="Path">The file, as it was given.</param>
/// <param name="Before">Its text.</param>
/// <param name="After">Its text with the version; the same as before when there is nothing to do or there are problems.</param>
/// <param name="Problems">Why the version could not be written.</param>
public sealed record VersionFileEdit(string Path, string Before, string After, ImmutableArray<Problem> Problems)
{
    /// <summary>Whether the file would change.</summary>
    public bool Changes => Before != After;
}
