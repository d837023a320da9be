namespace Fairlead.Versioning;

/// <summary>A setting that took part in a version.</summary>
/// <param name="Key">Its key in GitVersion.yml.</param>
/// <param name="Value">Its value.</param>
/// <param name="From">Where it stands: <c>branches.feature</c>, <c>branches.develop, inherited from develop</c>, <c>root</c>, or <c>default</c>.</param>
public sealed record VersionSetting(string Key, string Value, string From);
