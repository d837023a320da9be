using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>From a repository to its documents: the door for commands.</summary>
/// <param name="processes">Starts git.</param>
public sealed class ChangelogGenerator(IProcessRunner processes)
{
    /// <summary>What is told: the model that all documents and the JSON form are made of.</summary>
    /// <exception cref="UserErrorException">The settings have mistakes, or the history cannot be read; see <see cref="ChangelogHistoryReader.ReadAsync"/>.</exception>
    public async Task<ChangelogDocument> ReadAsync(ChangelogRequest request, CancellationToken cancellationToken = default) =>
        await ReadAsync(request, SettingsOf(request), cancellationToken);

    /// <summary>A document in Markdown.</summary>
    /// <inheritdoc cref="ReadAsync(ChangelogRequest, CancellationToken)"/>
    public async Task<string> WriteAsync(ChangelogRequest request, DocumentKind kind, CancellationToken cancellationToken = default)
    {
        var settings = SettingsOf(request);
        var renderer = new ChangelogRenderer(settings, x => ReadTemplate(request.Root, x));
        // To compile a template takes as long as git does.
        var template = Task.Run(() => renderer.Template(kind), cancellationToken);
        var document = await ReadAsync(request, settings, cancellationToken);
        return renderer.Render(document, kind, await template);
    }

    async Task<ChangelogDocument> ReadAsync(ChangelogRequest request, ChangelogSettings settings, CancellationToken cancellationToken)
    {
        var history = await new ChangelogHistoryReader(processes).ReadAsync(
            new HistoryRequest
            {
                Root = request.Root,
                Range = request.Range,
                TagPrefix = request.TagPrefix,
                Paths = request.Paths,
                UnreleasedVersion = request.Version,
                FoldPreReleases = settings.FoldPreReleases,
                FindNewAuthors = settings.Contributors,
            },
            cancellationToken);
        return ChangelogBuilder.Build(WithTag(history, request), settings);
    }

    // What is not released yet is told as it will be.
    static ChangelogHistory WithTag(ChangelogHistory history, ChangelogRequest request)
    {
        ImmutableArray<HistoryRelease> releases =
        [
            .. history.Releases.Select(x => x.Tag is not null || x.Version is not { } version ? x : x with
            {
                Tag = request.Tag is { } tag ? new ReleaseTag(tag, x.Commit, version, version.ToString(), request.Date ?? x.Date) : null,
                Date = request.Date ?? x.Date,
            }),
        ];
        return history with { Releases = releases };
    }

    static ChangelogSettings SettingsOf(ChangelogRequest request) => request.Settings ?? new ChangelogSettings();

    static string ReadTemplate(AbsolutePath root, string path)
    {
        var file = root / path;
        return file.FileExists() ? file.ReadAllText() : throw new UserErrorException($"The template '{path}' does not exist.", "Correct its path under 'templates' in .nuke/changelog.yml; it starts from the root of the repository.");
    }
}
