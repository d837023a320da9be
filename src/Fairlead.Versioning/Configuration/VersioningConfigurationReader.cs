using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Reads GitVersion.yml as GitVersion 6 does: the keys of the file over those of the workflow that it names. Maps merge key by key, lists replace,
/// an explicit null takes a value away. Unlike GitVersion, it takes nothing that it does not know.
/// </summary>
public static class VersioningConfigurationReader
{
    static readonly string[] FileNames = ["GitVersion.yml", "GitVersion.yaml", ".GitVersion.yml", ".GitVersion.yaml"];

    /// <summary>The configuration of a repository without a file: <c>GitFlow/v1</c>.</summary>
    public static VersioningConfiguration Default { get; } = Workflows.Named(Workflows.Default);

    /// <summary>The file of a repository, or null: GitVersion.yml, GitVersion.yaml, or one of these with a dot before it, in whatever case.</summary>
    /// <param name="root">The root of the work tree.</param>
    /// <exception cref="ProblemsException">There are several.</exception>
    public static AbsolutePath? FindFile(AbsolutePath root)
    {
        var files = root.GetFiles().Where(x => FileNames.Contains(x.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        return files.Count < 2
            ? files.FirstOrDefault()
            : throw new ProblemsException([Several(files)]);
    }

    /// <summary>Reads the file of a repository; without one, the default.</summary>
    /// <param name="root">The root of the work tree.</param>
    /// <exception cref="ProblemsException">All mistakes of the file, or that there are several.</exception>
    /// <exception cref="UserErrorException">There is something of that name which is no file that can be read.</exception>
    public static VersioningConfiguration Load(AbsolutePath root)
    {
        if (root.GetDirectories().FirstOrDefault(x => FileNames.Contains(x.Name, StringComparer.OrdinalIgnoreCase)) is { } directory)
            throw new UserErrorException($"'{directory.Name}' is a directory, and a file is expected there.", "Rename it.");
        if (FindFile(root) is not { } file)
            return Default;
        try
        {
            return Parse(file.ReadAllText(), file.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{file.Name}' cannot be read: {exception.Message}", "Mend or remove it.", exception);
        }
    }

    /// <summary>Reads the text of a file: YAML, or JSON.</summary>
    /// <param name="text">The text; empty for the default.</param>
    /// <param name="fileName">The file, as the user would type it: for the places of mistakes.</param>
    /// <exception cref="ProblemsException">All mistakes of the file.</exception>
    public static VersioningConfiguration Parse(string text, string fileName)
    {
        var reading = new FileReading(fileName);
        text = text.TrimStart('\uFEFF');
        if (YamlReader.Read(text, reading) is not { } map)
        {
            reading.ThrowIfAny();
            return Default;
        }

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

    static Problem Several(List<AbsolutePath> files) => new(
        $"There are several files that say how versions are made: {string.Join(", ", files.Select(x => x.Name))}.",
        "Keep one of them.",
        new SourceLocation(files[0].Name));

    static VersioningConfiguration WorkflowOf(YamlMap map, FileReading reading) =>
        map.Find("workflow") is { Value: { IsNull: false } value } && Workflows.Names.TryRead("workflow", value, reading, out var name)
            ? Workflows.Named(name)
            : Default;
}
