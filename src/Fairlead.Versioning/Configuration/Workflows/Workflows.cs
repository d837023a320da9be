using System.Collections.Frozen;

namespace Fairlead.Versioning;

/// <summary>The workflows that a file may be put on top of. Their settings are those of GitVersion 6.8 (its documentation, "Workflows").</summary>
static class Workflows
{
    /// <summary>The workflow of a file that names none.</summary>
    public const string Default = "GitFlow/v1";

    static readonly FrozenDictionary<string, VersioningConfiguration> ByName =
        new[] { GitFlow.Configuration, GitHubFlow.Configuration, TrunkBased.Configuration }.ToFrozenDictionary(x => x.Workflow, StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public static Shape<string> Names { get; } =
        Shapes.OneOf([GitFlow.Configuration.Workflow, GitHubFlow.Configuration.Workflow, TrunkBased.Configuration.Workflow]);

    /// <summary>The settings of a workflow.</summary>
    public static VersioningConfiguration Named(string name) => ByName[name];
}
