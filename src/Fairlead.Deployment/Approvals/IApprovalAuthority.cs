using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Knows whose consent counts, and checks what they signed.</summary>
public interface IApprovalAuthority
{
    /// <summary>Judges what was signed for a request.</summary>
    /// <param name="environment">The environment with the rules that hold.</param>
    /// <param name="request">What consent is asked for.</param>
    /// <param name="given">Everything that was ever signed for this environment, the oldest first.</param>
    /// <param name="liveCommit">Commit of the release that is live, or null: the authors since then cannot approve.</param>
    /// <param name="begunBy">Names of those who began the deployment, where others did; see <see cref="ApprovalVerdict.Deployers"/>.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<ApprovalVerdict> JudgeAsync(
        EnvironmentSpec environment, ApprovalRequest request, ImmutableArray<SignedApproval> given, string? liveCommit, ImmutableArray<string> begunBy, CancellationToken cancellationToken);
}
