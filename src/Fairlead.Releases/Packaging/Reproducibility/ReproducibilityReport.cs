using System.Collections.Immutable;

namespace Fairlead.Releases;

/// <summary>What two builds of one commit have in common.</summary>
/// <param name="Same">Files with the same bytes, and their digests, ordered by path.</param>
/// <param name="Different">Files that differ, or that only one build made, ordered by path.</param>
/// <param name="Exempt">Files that nobody promised anything about, ordered by path.</param>
public sealed record ReproducibilityReport(ImmutableArray<(string File, string Digest)> Same, ImmutableArray<ReproducibilityDifference> Different, ImmutableArray<string> Exempt);
