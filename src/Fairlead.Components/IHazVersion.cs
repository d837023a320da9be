using Fairlead.Engine;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>Has a version, computed from the git history the first time that it is asked for: as GitVersion does it, from <c>GitVersion.yml</c>.</summary>
public interface IHazVersion : IFairleadBuild
{
    /// <summary>The version of what is checked out.</summary>
    /// <exception cref="Fairlead.Tooling.UserErrorException">There is no repository, no commit, or only a part of the history; or GitVersion.yml has mistakes.</exception>
    ReleaseVersion Version => Context.Once(() =>
    {
        var version = ReleaseVersion.Of(History, VersioningConfiguration, Context.VersionRequest);
        foreach (var warning in version.Warnings)
            Context.Write(LogLevel.Warning, warning);
        return version;
    });

    /// <summary>What <c>GitVersion.yml</c> says.</summary>
    VersioningConfiguration VersioningConfiguration => Context.VersioningConfiguration;

    /// <summary><c>:version</c>.</summary>
    [Verb(
        "version",
        "Shows the version of what is checked out: GitVersion's variables, or why it is this one.",
        Usage = "[VARIABLE] [--explain | --json | --dotenv | --migrate] [--package NAME]",
        Options = ["package"],
        Flags = ["explain", "json", "dotenv", "migrate"])]
    Task ShowVersionAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Has("migrate"))
        {
            MigrateConfiguration();
            return Task.CompletedTask;
        }

        if (arguments.Options.Keys.Count(x => x != "package") + arguments.Positional.Length > 1)
            throw new UserErrorException("A variable, '--explain', '--json' and '--dotenv' are different answers; ask for one.", $"Usage: :{arguments.Verb} {arguments.Usage}") { ExitCode = ExitCodes.Usage };
        var package = PackageNamed(arguments.Option("package"));
        var calculation = VersionCalculator.Calculate(
            History,
            package.Narrow(VersioningConfiguration),
            Context.VersionRequest with
            {
                Touching = package.Paths.IsEmpty ? null : History.Graph.Contents.Touching(History.Head, package.Paths).ToHashSet(),
            });
        var name = arguments.SinglePositional;
        var text = (arguments.Has("explain"), arguments.Has("json"), arguments.Has("dotenv")) switch
        {
            (true, _, _) => ExplanationText.Render(calculation),
            (_, true, _) => VersionVariablesText.ToJson(calculation.Variables),
            (_, _, true) => VersionVariablesText.ToDotEnv(calculation.Variables),
            _ when name is not null => VersionVariablesText.Find(calculation.Variables, name) ?? throw new UserErrorException(
                $"There is no variable '{name}'.", Suggestion.Sentence(name, VersionVariablesText.Names) ?? $"There are: {string.Join(", ", VersionVariablesText.Names)}.")
            { ExitCode = ExitCodes.Usage },
            _ => VersionVariablesText.ToText(calculation.Variables),
        };
        foreach (var line in text.TrimEnd().ReplaceLineEndings("\n").Split('\n'))
            Context.Write(LogLevel.Information, line);
        // What a program reads must be nothing else.
        if (name is null && !arguments.Has("json") && !arguments.Has("dotenv"))
            ReleaseVersion.WarningsOf(History, VersioningConfiguration).ToList().ForEach(x => Context.Write(LogLevel.Warning, x));
        return Task.CompletedTask;
    }

    /// <summary>A package of <c>.nuke/release.yml</c>; without a name the whole repository.</summary>
    internal sealed ReleasePackage PackageNamed(string? name)
    {
        if (name is null)
            return new ReleasePackage().Under(PathInRepository);
        var packages = ReleaseSettingsReader.Load(RootDirectory).Packages;
        return packages.FirstOrDefault(x => x.Name == name)?.Under(PathInRepository) ?? throw new UserErrorException(
            $"There is no package '{name}' in {ReleaseSettingsReader.FileName}.",
            Suggestion.Sentence(name, packages.Select(x => x.Name!)) ?? (packages.IsEmpty ? $"Write it there: packages: {{ {name}: {{ paths: [src/{name}] }} }}" : $"There are: {string.Join(", ", packages.Select(x => x.Name))}."))
        { ExitCode = ExitCodes.Usage };
    }

    /// <summary>Where the root directory is in the repository: empty when it is the root of that too.</summary>
    internal sealed string PathInRepository => History.Root is { } root && root != RootDirectory ? RepositoryFile.PathOf(root, RootDirectory) : "";

    private void MigrateConfiguration()
    {
        if (VersioningConfigurationReader.FindFile(RootDirectory) is not { } file)
            throw new UserErrorException($"There is no GitVersion.yml in '{RootDirectory}', so there is nothing to rewrite.", "Without one the workflow GitFlow/v1 applies.") { ExitCode = ExitCodes.Usage };
        var (result, changed) = GitVersionMigration.RewriteFile(file);
        foreach (var note in result.Notes)
            Context.Write(note.NeedsDecision ? LogLevel.Warning : LogLevel.Information, $"{file.Name}:{note.Line}: {note.Message}");
        Context.Write(LogLevel.Information, changed
            ? $"{file.Name} is rewritten for GitVersion 6: git diff {file.Name}"
            : $"{file.Name} is for GitVersion 6 already; nothing was changed.");
    }

    /// <summary>The commits, tags and branches that versions come from.</summary>
    sealed RepositoryHistory History => Context.History;
}
