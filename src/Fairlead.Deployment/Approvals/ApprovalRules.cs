namespace Fairlead.Deployment;

/// <summary>Whose consent is needed, and who is who.</summary>
/// <param name="Source">Where the rules stand: <c>origin/main (3f2a1bc)</c>.</param>
/// <param name="Signers">The people with keys.</param>
/// <param name="Approvals">Whose consent is needed.</param>
/// <param name="Bypass">Whose consent is needed when rules are bypassed; null: no more than otherwise.</param>
sealed record ApprovalRules(string Source, AllowedSigners Signers, ApprovalSpec Approvals, BypassSpec? Bypass = null);
