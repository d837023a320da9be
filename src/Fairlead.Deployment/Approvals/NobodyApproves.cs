using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Stands for an authority where there is none: nothing that needs consent goes on.</summary>
sealed class NobodyApproves : IApprovalAuthority
{
    /// <inheritdoc/>
    public Task<ApprovalVerdict> JudgeAsync(
        EnvironmentSpec environment, ApprovalRequest request, ImmutableArray<SignedApproval> given, string? liveCommit, ImmutableArray<string> begunBy, CancellationToken cancellationToken) =>
        Task.FromResult(new ApprovalVerdict(false, "nobody can approve", [$"{environment.Name} asks for approvals, and this command was given nobody who could check them."]));
}
