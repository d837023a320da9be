using Fairlead.Changelog;
using Fairlead.Engine;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>Tells what has changed: notes for users, a changelog, a migration guide, from one history.</summary>
public interface IHazChangelog : IHazVersion
{
    /// <summary>What is told of a package's history.</summary>
    /// <param name="package">The package, or the whole repository.</param>
    internal sealed ChangelogRequest ChangelogOf(ReleasePackage package) => new()
    {
        Root = RootDirectory,
        Versioning = package.Narrow(VersioningConfiguration),
        Paths = package.Paths,
    };

    /// <summary>A document about what no release contains yet, or, on the commit of a release, about that release.</summary>
    sealed Task<string> WriteNotesAsync(DocumentKind kind, CancellationToken cancellationToken) =>
        new ChangelogGenerator(Context.Processes).WriteAsync(ChangelogOf(new ReleasePackage()) with { Version = Version.Version }, kind, cancellationToken);

    /// <summary><c>:changelog</c>.</summary>
    [Verb(
        "changelog",
        "Tells what has changed: since the latest release, in one release, between two revisions, or ever.",
        Usage = "[RELEASE] [--all] [--from REVISION [--to REVISION]] [--kind notes|changelog|migration] [--package NAME] [--json]",
        Options = ["from", "to", "kind", "package"],
        Flags = ["all", "json"])]
    async Task ShowChangelogAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var kind = arguments.Option("kind") switch
        {
            null or "changelog" => DocumentKind.Changelog,
            "notes" => DocumentKind.ReleaseNotes,
            "migration" => DocumentKind.MigrationGuide,
            var other => throw Usage($"'--kind {other}': there are notes, changelog and migration.", arguments, Suggestion.Sentence(other, ["notes", "changelog", "migration"])),
        };
        string?[] ranges = [arguments.SinglePositional, arguments.Has("all") ? "--all" : null, arguments.Option("from")];
        if (ranges.Count(x => x is not null) > 1)
            throw Usage("A release, '--all' and '--from' are three ways to say what to tell; give one.", arguments);
        if (arguments.Option("to") is not null && arguments.Option("from") is null)
            throw Usage("'--to' needs '--from'.", arguments);
        var package = PackageNamed(arguments.Option("package"));
        var request = ChangelogOf(package) with
        {
            Range = arguments switch
            {
                { SinglePositional: { } release } => new HistoryRange.Release(release),
                _ when arguments.Has("all") => new HistoryRange.Everything(),
                _ when arguments.Option("from") is { } from => new HistoryRange.Between(from, arguments.Option("to") ?? "HEAD"),
                _ => new HistoryRange.Unreleased(),
            },
        };
        var generator = new ChangelogGenerator(Context.Processes);
        var text = arguments.Has("json")
            ? await generator.WriteJsonAsync(request, cancellationToken)
            : await generator.WriteAsync(request, kind, cancellationToken);
        foreach (var line in text.TrimEnd().ReplaceLineEndings("\n").Split('\n'))
            Context.Write(LogLevel.Information, line);
    }

    private static UserErrorException Usage(string message, VerbArguments arguments, string? remedy = null) =>
        new(message, remedy ?? $"Usage: :{arguments.Verb} {arguments.Usage}") { ExitCode = ExitCodes.Usage };
}
