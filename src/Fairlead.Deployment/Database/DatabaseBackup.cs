namespace Fairlead.Deployment;

/// <summary>A copy of a database that can be restored.</summary>
/// <param name="Id">Its name: time and version, <c>20261120T101500Z-1.4.0</c>.</param>
/// <param name="Database">Name of the database.</param>
/// <param name="At">When it was begun, in UTC: what was written later is not in it.</param>
/// <param name="Release">Version of the release that was live then; null when none was.</param>
/// <param name="Digest">Digest of the file as it is kept: <c>sha256:…</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="IsEncrypted">Whether the file is encrypted.</param>
public sealed record DatabaseBackup(string Id, string Database, DateTimeOffset At, string? Release, string Digest, long Bytes, bool IsEncrypted);
