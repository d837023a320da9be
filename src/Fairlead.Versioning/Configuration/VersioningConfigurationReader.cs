using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Reads GitVersion.yml as GitVersion 6 does: the keys of the file over those of the workflow that it names. Maps merge key by key, lists replace,
/// an explicit null takes a value away. Unlike GitVersion, it takes nothing that it does not know.
/// </summary>
public static class VersioningConfigurationReader
{
    /// <summary>The configuration of a repository without a file: <c>GitFlow/v1</c>.</summary>
    public static VersioningConfiguration Default { get; } = Workflows.Named(Workflows.Default);

    /// <summary>Reads the text of a file: YAML, or JSON.</summary>
    /// <param name="text">The text; empty for the default.</param>
    /// <param name="fileName">The file, as the user would type it: for the places of mistakes.</param>
    /// <exception cref="ProblemsException">All mistakes of the file.</exception>
    public static VersioningConfiguration Parse(string text, string fileName)
    {
        var reading = new FileReading(fileName);
        text = text.TrimStart('\uFEFF');
        var map = YamlReader.Read(text, reading);
        reading.ThrowIfAny();
        if (map is null)
            return Default;
        var configuration = Over(WorkflowOf(map, reading), map, reading);
        var former = VersionOfFile.ProblemsOf(text, map, reading).ToList();
        if (former.Count > 0)
            throw new ProblemsException([.. former, .. reading.Problems.ExceptBy(former.Select(x => x.Where), x => x.Where)]);
        reading.ThrowIfAny();
        return VersionOfFile.WarningOf(map) is { } warning
            ? configuration with { Warnings = [new Problem(warning.Message, warning.Remedy, reading.At(warning.Span))] }
            : configuration;
    }

    /// <summary>Puts the keys of a file over a configuration.</summary>
    internal static VersioningConfiguration Over(VersioningConfiguration workflow, YamlMap map, FileReading reading)
    {
        var configuration = ConfigurationKeys.Section.Apply(workflow, map, reading);
        BranchRules.Check(configuration, map, reading);
        return configuration with { Branches = BranchRules.InOrderOfTries(BranchRules.WithSourcesTurnedRound(configuration.Branches)) };
    }

    static VersioningConfiguration WorkflowOf(YamlMap map, FileReading reading) =>
        map.Find("workflow") is { Value: { IsNull: false } value } && Workflows.Names.TryRead("workflow", value, reading, out var name)
            ? Workflows.Named(name)
            : Default;
}
