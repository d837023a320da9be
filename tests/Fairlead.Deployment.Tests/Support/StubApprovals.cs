using System.Collections.Immutable;

namespace Fairlead.Deployment.Tests;

/// <summary>Counts a statement that is the number of the round for which it was given; the word 'glass' breaks it.</summary>
sealed class StubApprovals : IApprovalAuthority
{
    public List<ApprovalRequest> Asked { get; } = [];

    public Task<ApprovalVerdict> JudgeAsync(
        EnvironmentSpec environment, ApprovalRequest request, ImmutableArray<SignedApproval> given, string? liveCommit, ImmutableArray<string> begunBy, CancellationToken cancellationToken)
    {
        Asked.Add(request);
        var counted = given.Count(x => x.Statement == $"{request.Release} {request.Round}");
        var glass = given.Any(x => x.Statement == $"glass {request.Round}");
        return Task.FromResult(new ApprovalVerdict(glass || counted >= environment.Approvals.Minimum, $"{counted} of {environment.Approvals.Minimum} approvals", [], glass) { Glass = glass ? new BrokenGlass("dora@example.com", "the outage of today") : null });
    }
}
