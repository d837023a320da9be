using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>A release that verifies, or everything that is wrong with it.</summary>
/// <param name="Directory">The directory that artifact locations are relative to.</param>
/// <param name="Manifest">The manifest; null when there is any problem.</param>
/// <param name="Problems">What is wrong; empty when the release verifies.</param>
public sealed record ReleaseReadResult(AbsolutePath Directory, ReleaseManifest? Manifest, ImmutableArray<Problem> Problems)
{
    /// <summary>The manifest of a release that verifies.</summary>
    /// <exception cref="ProblemsException">It does not.</exception>
    public ReleaseManifest ManifestOrThrow() => Manifest ?? throw new ProblemsException(Problems);
}
