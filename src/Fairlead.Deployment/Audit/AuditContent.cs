namespace Fairlead.Deployment;

/// <summary>The bytes of a log at one moment.</summary>
/// <param name="Bytes">All of them.</param>
/// <param name="Version">By what the store knows whether it was written since; null: by the bytes.</param>
public sealed record AuditContent(ReadOnlyMemory<byte> Bytes, string? Version = null);
