using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Has a place for what it makes.</summary>
public interface IHazArtifacts : IFairleadBuild
{
    /// <summary>Everything that the build makes for others.</summary>
    AbsolutePath ArtifactsDirectory => RootDirectory / "artifacts";

    /// <summary>Reports for people and other programs.</summary>
    AbsolutePath ReportDirectory => ArtifactsDirectory / "reports";
}
