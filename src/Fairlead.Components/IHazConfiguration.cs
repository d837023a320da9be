using Fairlead.Engine;

namespace Fairlead.Components;

/// <summary>Has a build configuration.</summary>
public interface IHazConfiguration : IFairleadBuild
{
    /// <summary>The configuration: by default Debug on a developer's machine and Release on a build server.</summary>
    [Parameter("Configuration to build")]
    Configuration Configuration => TryGetValue(() => Configuration) ?? (IsLocalBuild ? Configuration.Debug : Configuration.Release);
}
