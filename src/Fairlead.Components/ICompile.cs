using Fairlead.Engine;
using static Fairlead.Engine.DotNetTasks;

namespace Fairlead.Components;

/// <summary>Compiles the solution.</summary>
public interface ICompile : IRestore, IHazConfiguration
{
    /// <summary>Compiles.</summary>
    Target Compile => _ => _
        .Description("Compiles the solution")
        .DependsOn(Restore)
        .WhenSkipped(DependencyBehavior.Skip)
        .Executes(() =>
        {
            DotNetBuild(_ => _
                .Apply(CompileSettingsBase)
                .Apply(CompileSettings));
        });

    /// <summary>What the component itself sets.</summary>
    sealed Configure<DotNetBuildSettings> CompileSettingsBase => _ => _
        .SetProjectFile(Solution)
        .SetConfiguration(Configuration)
        .SetVerbosity("minimal")
        .SetNoRestore(SucceededTargets.Contains(Restore))
        .When(IsServerBuild, _ => _.EnableContinuousIntegrationBuild());

    /// <summary>What the build sets on top.</summary>
    Configure<DotNetBuildSettings> CompileSettings => _ => _;
}
