using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Where a setting was written.</summary>
/// <param name="Layer">
/// What it belongs to: <c>environment 'staging'</c>, <c>service 'web' of environment 'staging'</c>, <c>'defaults'</c>, or <c>this file</c> for
/// a section at the top.
/// </param>
/// <param name="Where">The place.</param>
public sealed record SettingOrigin(string Layer, SourceLocation Where);
