namespace Fairlead.Deployment;

/// <summary>Something that was signed, with who did it.</summary>
/// <param name="Statement">What it says; null: nothing that could be read.</param>
/// <param name="Signer">Who signed it; null: nobody looked, because it is for something else anyway.</param>
/// <param name="GivenAt">When the journal got it; null: it is in no journal yet.</param>
sealed record ExaminedApproval(ApprovalStatement? Statement, SignatureFinding? Signer, DateTimeOffset? GivenAt = null);
