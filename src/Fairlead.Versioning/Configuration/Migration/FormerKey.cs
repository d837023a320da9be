namespace Fairlead.Versioning;

/// <summary>A key that GitVersion 6 does not have any more.</summary>
/// <param name="Name">Its name in version 5 (or in a 6.0 that was not final).</param>
/// <param name="Now">Its name now; null when there is none.</param>
/// <param name="Meaning">What has changed beside the name, or what to do instead.</param>
sealed record FormerKey(string Name, string? Now, string Meaning);
