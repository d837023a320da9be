using System.Collections.Immutable;
using Fairlead.Components;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A build with all parts that pack, and a target that seals what they made.</summary>
sealed class PackBuild : FairleadBuild, IPack, IPackArchives, IPackBinaries, IPackImages, IPackNpm, IPublish
{
    IEnumerable<Project> Applications => [this.Solution.GetProject("Shop")!];

    IEnumerable<Project> IPackArchives.ArchivedProjects => Applications;

    IEnumerable<Project> IPackBinaries.BinaryProjects => Applications;

    IEnumerable<string> IPackBinaries.BinaryRuntimes(Project project) => Missing ? ["linux-x64", "linux-arm64", "osx-arm64"] : ["linux-x64", "win-x64"];

    IEnumerable<Project> IPackImages.ImageProjects => WithDockerfile ? [] : Applications;

    IEnumerable<DockerfileImage> IPackImages.Dockerfiles => WithDockerfile ? [new DockerfileImage("tool", RootDirectory / "Dockerfile")] : [];

    string IPackImages.ImageRepository(string name) => $"{Registry}/shop/{name}";

    IEnumerable<AbsolutePath> IPackNpm.NpmDirectories => [RootDirectory / "client"];

    [Parameter("Where images go")]
    readonly string Registry = "";

    [Parameter("Whether the Dockerfile is built")]
    readonly bool WithDockerfile;

    [Parameter("Whether runtimes are asked for that nobody has here")]
    readonly bool Missing;

    // What the release is asked for is tried elsewhere.
    ImmutableArray<string> IPublish.RequiredForPublish => [];

    Target Seal => _ => _
        .Executes(() =>
        {
            var version = From<IHazVersion>().Version;
            var directory = From<IHazRelease>().ReleaseDirectory.CreateOrCleanDirectory();
            var writer = ReleaseWriter.Begin(directory);
            IEnumerable<ArtifactFile> artifacts =
            [
                .. From<IPack>().PackArtifacts, .. From<IPackArchives>().ArchiveArtifacts, .. From<IPackBinaries>().BinaryArtifacts, .. From<IPackImages>().ImageArtifacts, .. From<IPackNpm>().NpmArtifacts,
            ];
            AtomicFile.Write(directory / "sbom.cdx.json", $$"""{ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "component": { "type": "application", "name": "shop", "version": "{{version.Version}}" } } }""");
            writer.Seal(new ReleaseDraft
            {
                Application = "shop",
                Version = $"{version.Version}",
                Commit = version.Commit,
                CommitTime = version.CommitTime,
                Dirty = version.IsDirty,
                Branch = version.Branch,
                Artifacts = [.. artifacts.Select(x => x with { File = x.File.CopyToDirectory(directory) }), new ArtifactFile("sbom", ArtifactKinds.Sbom, directory / "sbom.cdx.json")],
                Verdicts = ImmutableArray<SupplyChain.Verdict>.Empty,
            });
        });
}
