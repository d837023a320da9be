namespace Fairlead.Deployment;

/// <summary>A deployment that went out because somebody broke the glass.</summary>
/// <param name="Request">What went out.</param>
/// <param name="Glass">Who broke it, and why.</param>
/// <param name="At">When.</param>
/// <param name="DeployedBy">Who deployed: <c>user@host</c>.</param>
/// <param name="LiveCommit">Commit of the release that was live before, or null.</param>
sealed record GlassBreak(ApprovalRequest Request, BrokenGlass Glass, DateTimeOffset At, string DeployedBy, string? LiveCommit);
