using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A verdict with what became of each approval, in the order in which they were given.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Approvals">For each approval whether it counts, and the line that says so; no line: it is about something else.</param>
sealed record ApprovalJudgement(ApprovalVerdict Verdict, ImmutableArray<JudgedApproval> Approvals);
