namespace Fairlead.Deployment;

/// <summary>What an approver signs.</summary>
/// <param name="Purpose">What it is: consent, an emergency, a countersignature, an acceptance.</param>
/// <param name="Request">What it is for.</param>
/// <param name="At">When, in UTC, by the approver's clock.</param>
/// <param name="Reason">Why; needed for breaking the glass.</param>
public sealed record ApprovalStatement(ApprovalPurpose Purpose, ApprovalRequest Request, DateTimeOffset At, string? Reason = null)
{
    /// <summary>The namespace of the signatures: one made for anything else does not count.</summary>
    public const string Namespace = "fairlead-approval";
}
