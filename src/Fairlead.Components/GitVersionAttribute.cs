using Fairlead.Engine;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>Injects <see cref="GitVersion"/>, calculated in process: no tool has to be installed. Builds with components have <see cref="IHazVersion.Version"/> as well.</summary>
public sealed class GitVersionAttribute : ValueInjectionAttribute
{
    /// <summary>Accepted as NUKE has it; without effect, there being no tool to start.</summary>
    public string? Framework { get; set; }

    /// <summary>Accepted as NUKE has it; without effect: nothing is ever fetched.</summary>
    public bool NoFetch { get; set; }

    /// <summary>Accepted as NUKE has it; without effect: the result is not cached.</summary>
    public bool NoCache { get; set; }

    /// <inheritdoc/>
    public override object? GetValue(BuildContext context) =>
        new GitVersion(VersionCalculator.Calculate(context.History, context.VersioningConfiguration, context.VersionRequest).Variables);
}
