namespace Fairlead.Deployment;

/// <summary>The release that a record is about.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Commit">Its commit.</param>
/// <param name="Digest">Its digest.</param>
public sealed record AuditRelease(string Version, string Commit, string Digest);
