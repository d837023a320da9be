using System.Collections.Immutable;
using System.Text;
using Fairlead.Changelog;
using Fairlead.Engine;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>Makes releases in git: the version in files, the changelog, a commit, an annotated tag. What is built from that commit has the version.</summary>
public interface ITag : IHazChangelog, IHazReleaseChoice
{
    /// <summary>The label of a pre-release.</summary>
    [Parameter("Label of a pre-release: rc gives 1.3.0-rc.1, then rc.2")]
    string? Pre => TryGetValue(() => Pre);

    /// <summary>The package to release when the repository has several; by default all that have changed.</summary>
    [Parameter("The package to release, of those in .nuke/release.yml; by default all that have changed")]
    string? Only => TryGetValue(() => Only);

    /// <summary>The subject of the release commit.</summary>
    /// <param name="releases">What is released: <c>1.3.0</c>, or <c>core 1.3.0, web 2.0.1</c>.</param>
    string ReleaseCommitMessage(string releases) => $"chore(release): {releases}";

    /// <summary>
    /// Writes the next version into the files of <c>.nuke/release.yml</c> and the changelog, commits them and sets the tag: all of it, or nothing, wherever it is
    /// interrupted. Without a change since the latest release it does nothing.
    /// </summary>
    Target Tag => _ => _
        .Description("Sets the next version: in files, changelog, commit and tag")
        .TryBefore<ICompile>(x => x.Compile)
        .Previews(async cancellationToken =>
        {
            var releases = PlanReleases();
            // What cannot be written is said now.
            await FilesAsync(releases, cancellationToken);
            return PlanText(releases);
        })
        .Executes(async cancellationToken =>
        {
            if (InvokedTargets.Count > 1)
            {
                // What else runs was planned for the version that the commit had before.
                throw new UserErrorException(
                    "The target Tag changes which version is checked out, so it runs alone.", "Run ./build.sh Tag first, and the other targets after it.")
                { ExitCode = ExitCodes.Usage };
            }

            var tagger = new ReleaseTagger(Context.Processes, RootDirectory);
            if (await tagger.RecoverAsync(cancellationToken) is { } recovered)
                Context.Write(LogLevel.Warning, recovered);
            var releases = PlanReleases();
            if (releases.IsEmpty)
                return;
            if (History.UncommittedChanges > 0)
            {
                throw new UserErrorException(
                    $"{(History.UncommittedChanges == 1 ? "A file differs" : $"{History.UncommittedChanges} files differ")} from the commit, or {(History.UncommittedChanges == 1 ? "is" : "are")} in none; a release is made of commits alone.",
                    "Commit or remove them: git status")
                { ExitCode = ExitCodes.Refused };
            }

            var files = await FilesAsync(releases, cancellationToken);
            var commit = await tagger.ApplyAsync(
                new ReleaseCommit
                {
                    Parent = History.Graph.IdOf(History.Head),
                    Branch = History.IsDetached ? null : History.HeadBranch,
                    Files = files,
                    Message = ReleaseCommitMessage(string.Join(", ", releases.Select(Name))) + "\n",
                    Tags = [.. releases.Select(x => new NewTag(x.Tag, ReleaseTagMessage.Write(x.Version, "")))],
                },
                cancellationToken);
            foreach (var file in files)
                Context.Write(LogLevel.Information, $"Wrote {file.Path}");
            var tags = string.Join(' ', releases.Select(x => x.Tag));
            Context.Write(LogLevel.Information, $"Tagged {commit[..7]} as {tags}.");
            Context.Write(LogLevel.Information, $"To publish: git push --atomic origin {(History is { IsDetached: false, HeadBranch: { } branch } && !files.IsEmpty ? branch["refs/heads/".Length..] + " " : "")}{tags}");
            ReportSummary("Released", string.Join(", ", releases.Select(Name)));
        });

    private static string Name(PlannedRelease release) => release.Package.Name is { } name ? $"{name} {release.Version}" : $"{release.Version}";

    private ImmutableArray<PlannedRelease> PlanReleases()
    {
        var choice = ReleaseChoice;
        if (choice?.Path is not null)
            throw new UserErrorException("'--release' names a sealed release, and Tag makes a new one.", "Give a kind (major, minor, patch, hotfix) or a version.") { ExitCode = ExitCodes.Usage };
        var request = new ReleaseRequest { Type = choice?.Type, Version = choice?.Version, PreRelease = Pre };
        IEnumerable<ReleasePackage> packages = Only is null ? ReleaseSettingsReader.Load(RootDirectory).Units.Select(x => x.Under(PathInRepository)) : [PackageNamed(Only)];
        var releases = ImmutableArray.CreateBuilder<PlannedRelease>();
        foreach (var package in packages)
        {
            if (ReleasePlanner.Plan(History, VersioningConfiguration, package, request, Context.Variable) is { } release)
                releases.Add(release);
            else
                Context.Write(LogLevel.Information, $"{package.Name ?? "Nothing"} has {(package.Name is null ? "" : "not ")}changed since its latest release; it is not released.");
        }

        return releases.Count < 2 || request.Version is null
            ? releases.ToImmutable()
            : throw new UserErrorException($"{releases.Count} packages have changed, and '--release {request.Version}' cannot be the version of all of them.", "Name one: --only PACKAGE") { ExitCode = ExitCodes.Usage };
    }

    private static string PlanText(ImmutableArray<PlannedRelease> releases) => releases.IsEmpty
        ? "Nothing is released."
        : string.Join('\n', releases.Select(x =>
            $"{Name(x)}: tag {x.Tag}, {(x.Commits == 1 ? "1 commit" : $"{x.Commits} commits")} since {x.PreviousTag ?? "the beginning"}"
            + string.Concat(x.Package.VersionFiles.Select(y => $"\n  version in {y.Path}")) + (x.Package.Changelog is { } file ? $"\n  changelog in {file}" : "")));

    private async Task<ImmutableArray<FileChange>> FilesAsync(ImmutableArray<PlannedRelease> releases, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, FileChange>(StringComparer.Ordinal);
        foreach (var release in releases)
        {
            var places = VersionFileSet.Plan(RootDirectory, release.Package.VersionFiles.Select(x => new VersionFileTarget(RootDirectory / x.Path, x.Pattern)), release.Variables);
            foreach (var change in places.Changes)
                Add(change with { Path = PathOf(AbsolutePath.Create(change.Path)) }, release);
            if (release.Package.Changelog is { } changelog && await ChangelogAsync(release, changelog, cancellationToken) is { } written)
                Add(written, release);
        }

        return [.. files.Values];

        void Add(FileChange change, PlannedRelease release)
        {
            if (!files.TryAdd(change.Path, change))
                throw new UserErrorException($"Several packages write into '{change.Path}'; '{release.Package.Name}' is one of them.", $"Give each package files of its own in {ReleaseSettingsReader.FileName}.");
        }
    }

    private string PathOf(AbsolutePath file) => RepositoryFile.PathOf(History.Root ?? RootDirectory, file);

    private async Task<FileChange?> ChangelogAsync(PlannedRelease release, string path, CancellationToken cancellationToken)
    {
        var request = ChangelogOf(release.Package) with { Version = release.Version, Tag = release.Tag, Date = Context.Time.GetUtcNow(), File = path };
        var update = await new ChangelogGenerator(Context.Processes).PlanFileAsync(request, cancellationToken);
        return update.Changed ? new FileChange(PathOf(RootDirectory / path), [.. Encoding.UTF8.GetBytes(update.Text)]) : null;
    }
}
