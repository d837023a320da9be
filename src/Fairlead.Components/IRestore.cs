using Fairlead.Engine;
using static Fairlead.Engine.DotNetTasks;

namespace Fairlead.Components;

/// <summary>Restores the packages of the solution.</summary>
public interface IRestore : IHazSolution
{
    /// <summary>Restores. On a build server the lock files must fit.</summary>
    Target Restore => _ => _
        .Description("Restores the packages of the solution")
        .Executes(() =>
        {
            DotNetRestore(_ => _
                .Apply(RestoreSettingsBase)
                .Apply(RestoreSettings));
        });

    /// <summary>What the component itself sets.</summary>
    sealed Configure<DotNetRestoreSettings> RestoreSettingsBase => _ => _
        .SetProjectFile(Solution)
        .SetLockedMode(IsServerBuild && RootDirectory.GlobFiles("*/*/packages.lock.json", "*/packages.lock.json").Count > 0);

    /// <summary>What the build sets on top.</summary>
    Configure<DotNetRestoreSettings> RestoreSettings => _ => _;
}
