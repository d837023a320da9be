namespace Fairlead.Deployment;

/// <summary>The files that say whose keys count, as they stand on the protected ref.</summary>
/// <param name="Path">Name of the file of the keys, for messages: <c>.nuke/allowed_signers on origin/main</c>.</param>
/// <param name="Allowed">The keys, in the form of ALLOWED SIGNERS.</param>
/// <param name="Revoked">The keys that count no longer; null: none.</param>
sealed record SignerFiles(string Path, byte[] Allowed, byte[]? Revoked);
