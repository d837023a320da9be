using System.Collections.Immutable;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>What verifying a release has shown.</summary>
/// <param name="Release">The release as it was read.</param>
/// <param name="Signatures">The verdict over the signatures, of the kind <see cref="VerdictKinds.Signatures"/>: not done where nothing is signed or nobody is trusted.</param>
/// <param name="Problems">Everything that is wrong, of the release itself and of its signatures.</param>
/// <param name="Signed">Who signed what, by the name of the file.</param>
public sealed record ReleaseVerification(ReleaseReadResult Release, Verdict Signatures, ImmutableArray<Problem> Problems, ImmutableArray<KeyValuePair<string, string>> Signed)
{
    /// <summary>Whether signing was interrupted: the manifest is signed, and all that is wrong is that signatures are missing. Signing may then be completed.</summary>
    public bool IsInterrupted { get; init; }
}
