using System.Collections.Immutable;
using System.Text;
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

    /// <summary>The model as JSON.</summary>
    /// <inheritdoc cref="ReadAsync(ChangelogRequest, CancellationToken)"/>
    public async Task<string> WriteJsonAsync(ChangelogRequest request, CancellationToken cancellationToken = default) =>
        ChangelogJson.Write(await ReadAsync(request, cancellationToken));

    /// <summary>Puts the newest release of the range, which must have a version, into the Keep-a-Changelog file of the settings; makes the file when there is none.</summary>
    /// <exception cref="ProblemsException">The file has no place for it, or has the release with another text.</exception>
    /// <inheritdoc cref="ReadAsync(ChangelogRequest, CancellationToken)"/>
    public async Task<ChangelogFileUpdate> UpdateFileAsync(ChangelogRequest request, CancellationToken cancellationToken = default)
    {
        var update = await PlanFileAsync(request, cancellationToken);
        if (update.Changed)
            AtomicFile.Write(update.File, update.Text);
        return update;
    }

    /// <summary>What <see cref="UpdateFileAsync"/> would write; nothing is written.</summary>
    /// <inheritdoc cref="UpdateFileAsync"/>
    public async Task<ChangelogFileUpdate> PlanFileAsync(ChangelogRequest request, CancellationToken cancellationToken = default)
    {
        var settings = SettingsOf(request);
        var name = request.File ?? settings.ChangelogFile;
        var file = request.Root / name;
        var document = await ReadAsync(request, settings, cancellationToken);
        if (document.Releases.FirstOrDefault() is not { Version: not null } release)
            throw new UserErrorException("There is no release to put into the changelog.", "Say which version it will have, or name a release.");
        var before = file.FileExists() ? ReadStrictly(file, name) : "";
        var after = KeepAChangelog.Insert(before, KeepAChangelogRelease.Of(release, settings, document.Links), name, settings.FoldPreReleases);
        return new ChangelogFileUpdate(file, after, after != before);
    }

    // Bytes that are no UTF-8 could not be written back as they were.
    static string ReadStrictly(AbsolutePath file, string name)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file));
        }
        catch (DecoderFallbackException exception)
        {
            throw new UserErrorException($"'{name}' is not UTF-8, so the rest of it could not be kept as it is.", "Save it as UTF-8 once.", exception);
        }
    }

    async Task<ChangelogDocument> ReadAsync(ChangelogRequest request, ChangelogSettings settings, CancellationToken cancellationToken)
    {
        var history = await new ChangelogHistoryReader(processes).ReadAsync(
            new HistoryRequest
            {
                Root = request.Root,
                Range = request.Range,
                TagPrefix = request.TagPrefix,
                Versioning = request.Versioning,
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

    static ChangelogSettings SettingsOf(ChangelogRequest request) => request.Settings ?? ChangelogSettingsReader.Load(request.Root);

    static string ReadTemplate(AbsolutePath root, string path)
    {
        var file = root / path;
        return file.FileExists() ? file.ReadAllText() : throw new UserErrorException($"The template '{path}' does not exist.", "Correct its path under 'templates' in .nuke/changelog.yml; it starts from the root of the repository.");
    }
}
