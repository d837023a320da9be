namespace Fairlead.Deployment;

/// <summary>What somebody has signed, and the signature.</summary>
/// <param name="Statement">The signed text: an <see cref="ApprovalStatement"/> as JSON, byte for byte.</param>
/// <param name="Signature">The signature as <c>ssh-keygen -Y sign</c> writes it.</param>
public sealed record SignedApproval(string Statement, string Signature);
