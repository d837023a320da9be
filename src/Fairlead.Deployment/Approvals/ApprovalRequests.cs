using System.Collections.Immutable;
using Fairlead.Releases;

namespace Fairlead.Deployment;

/// <summary>Makes requests for consent.</summary>
static class ApprovalRequests
{
    /// <summary>The request of a deployment.</summary>
    /// <param name="environment">Where to.</param>
    /// <param name="release">What.</param>
    /// <param name="round">See <see cref="ApprovalRequest.Round"/>.</param>
    /// <param name="bypassed">The rules that are bypassed.</param>
    /// <param name="reason">Why.</param>
    public static ApprovalRequest Of(EnvironmentSpec environment, ReleaseManifest release, long round, ImmutableArray<BypassedRule> bypassed, string? reason) => new()
    {
        Application = environment.Application,
        Environment = environment.Name,
        Release = release.Digest,
        Version = release.Version,
        Commit = release.Commit,
        Round = round,
        Configuration = EnvironmentDigest.Of(environment),
        Bypassed = [.. bypassed.Select(x => x.Rule).Distinct().Order(StringComparer.Ordinal)],
        BypassReason = bypassed.IsEmpty ? null : reason,
    };
}
