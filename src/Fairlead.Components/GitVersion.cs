using System.Diagnostics.CodeAnalysis;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>GitVersion's output variables under the name that builds written for NUKE know: <c>[GitVersion] readonly GitVersion GitVersion;</c>.</summary>
/// <param name="variables">The variables.</param>
[method: SetsRequiredMembers]
public sealed record GitVersion(VersionVariables variables) : VersionVariables(variables)
{
    /// <summary>What GitVersion 5 had for NuGet: today the same as <see cref="VersionVariables.SemVer"/>.</summary>
    public string NuGetVersionV2 => SemVer;

    /// <inheritdoc cref="NuGetVersionV2"/>
    public string NuGetVersion => SemVer;
}
