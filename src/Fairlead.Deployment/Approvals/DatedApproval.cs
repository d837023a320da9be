namespace Fairlead.Deployment;

/// <summary>An approval, and when the journal got it.</summary>
/// <param name="Approval">What was signed.</param>
/// <param name="At">When; null: it is in no journal yet.</param>
sealed record DatedApproval(SignedApproval Approval, DateTimeOffset? At);
