namespace Fairlead.Deployment;

/// <summary>What a machine remembers of a log; see <see cref="AuditMemory"/>.</summary>
/// <param name="Where">Where, for messages.</param>
/// <param name="Text">What: to be a signed note.</param>
public sealed record AuditRemembered(string Where, string Text);
