using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Makes archives of published applications for people to download.</summary>
public interface IPackArchives : ICompile, IHazPackages
{
    /// <summary>The projects: by default the applications of <see cref="IPackage"/>.</summary>
    IEnumerable<Project> ArchivedProjects => DefaultProjects;

    /// <summary>The kinds of archive: by default <c>.zip</c> and <c>.tar.gz</c>.</summary>
    IEnumerable<string> ArchiveExtensions => [".zip", ".tar.gz"];

    /// <summary>Packs, named <c>name-version.zip</c> and <c>name-version.tar.gz</c>, with order, times and permissions that depend on the commit alone.</summary>
    Target PackArchives => _ => _
        .Description("Makes the archives")
        .DependsOn(Compile)
        .Produces(ArchivesDirectory / "*")
        .Executes(() =>
        {
            ArchivesDirectory.CreateOrCleanDirectory();
            var projects = ArchivedProjects.ToList();
            if (projects.Count == 0)
                throw new UserErrorException("No project is named, so there is no archive.", "Name applications in IPackage.Applications or IPackArchives.ArchivedProjects.");
            foreach (var project in projects)
            {
                var name = project.Name.ToLowerInvariant();
                var output = PublishTo(TemporaryDirectory / "archives" / name, project, ArchiveSettings);
                foreach (var extension in ArchiveExtensions)
                {
                    var archive = ArchivesDirectory / $"{name}-{Version.Version}{extension}";
                    if (extension == ".zip")
                        StableZip.Create(output, archive, Version.CommitTime);
                    else if (extension == ".tar.gz")
                        TarGz.Create(output, archive, Version.CommitTime);
                    else
                        throw new UserErrorException($"'{extension}' is no kind of archive.", "There are .zip and .tar.gz.");
                }
            }
        });

    /// <summary>The archives that are there.</summary>
    IEnumerable<ArtifactFile> ArchiveArtifacts => IHazPackages.ArtifactsIn(ArchivesDirectory, ArtifactKinds.Archive, x => x.Name.Replace($"-{Version.Version}", "", StringComparison.Ordinal));

    /// <summary>What the build sets when it publishes an application for an archive.</summary>
    Configure<DotNetPublishSettings> ArchiveSettings => _ => _;

    private AbsolutePath ArchivesDirectory => PackagesDirectory / "archives";
}
