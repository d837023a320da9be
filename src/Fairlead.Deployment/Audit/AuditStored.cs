namespace Fairlead.Deployment;

/// <summary>What a log stores of a record.</summary>
/// <param name="Schema">The version of its schema.</param>
/// <param name="Id">Its name.</param>
/// <param name="Kind">One of <see cref="AuditKinds"/>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Record">All of it; null when it is sealed.</param>
/// <param name="Sealed">The sealed rest; null when it is open.</param>
public sealed record AuditStored(int Schema, string Id, string Kind, DateTimeOffset At, AuditRecord? Record, string? Sealed);
