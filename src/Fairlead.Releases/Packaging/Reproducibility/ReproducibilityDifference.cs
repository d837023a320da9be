namespace Fairlead.Releases;

/// <summary>A file that two builds of one commit gave different bytes.</summary>
/// <param name="File">Its path below the directory of the packages, with forward slashes.</param>
/// <param name="Detail">Where it differs first.</param>
public sealed record ReproducibilityDifference(string File, string Detail);
