using System.Collections.Immutable;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Makes container images: by the .NET SDK without a Dockerfile, and by Dockerfiles.</summary>
public interface IPackImages : ICompile, IHazPackages
{
    /// <summary>The projects that the SDK makes images of: by default the applications of <see cref="IPackage"/>.</summary>
    IEnumerable<Project> ImageProjects => DefaultProjects;

    /// <summary>The images that Dockerfiles make: by default none. Docker must be there for them.</summary>
    IEnumerable<DockerfileImage> Dockerfiles => [];

    /// <summary>For which systems: by default amd64 and arm64, as one index. The base image must have them all.</summary>
    IEnumerable<string> ImageRuntimes(Project project) => ["linux-x64", "linux-arm64"];

    /// <summary>The image to build on, with its registry: by default the one that the SDK knows for the project.</summary>
    [Parameter("Base image of the images that the .NET SDK makes, with its registry")]
    string? ContainerBaseImage => TryGetValue(() => ContainerBaseImage);

    /// <summary>Registry and repository of an image: <c>registry.example/shop/web</c>. By default its name without a registry; then it is not published.</summary>
    /// <param name="name">The project's name in lower case, or that of a <see cref="DockerfileImage"/>.</param>
    string ImageRepository(string name) => name;

    /// <summary>Whether an image may run as root. By default none may.</summary>
    /// <param name="name">The project's name in lower case, or that of a <see cref="DockerfileImage"/>.</param>
    bool AllowsRoot(string name) => false;

    /// <summary>Licences of the images as an SPDX expression, for their labels; null to say nothing.</summary>
    string? ImageLicences => null;

    /// <summary>
    /// Makes them, as OCI layouts named <c>name.oci.tar</c>. Those that the SDK makes have the same digest wherever this commit is built on the same base image.
    /// </summary>
    Target PackImages => _ => _
        .Description("Makes the container images")
        .DependsOn(Compile)
        .Produces(ImagesDirectory / "*")
        .Executes(async _ =>
        {
            ImagesDirectory.CreateOrCleanDirectory();
            var (projects, dockerfiles) = (ImageProjects.ToList(), Dockerfiles.ToList());
            if (projects.Count + dockerfiles.Count == 0)
                throw new UserErrorException("No image is named, so there is none.", "Name applications in IPackage.Applications or IPackImages.ImageProjects, or Dockerfiles in IPackImages.Dockerfiles.");
            foreach (var project in projects)
                PackSdkImage(project);
            foreach (var image in dockerfiles)
                await PackDockerfileAsync(image);
        });

    /// <summary>The images that are there.</summary>
    IEnumerable<ArtifactFile> ImageArtifacts => IHazPackages.ArtifactsIn(ImagesDirectory, ArtifactKinds.Image, x => $"{x.Name[..^".oci.tar".Length]}-image").Select(x => x with { Image = ImageFile.Read(x.File) });

    /// <summary>What the build sets when the SDK makes an image.</summary>
    Configure<DotNetPublishSettings> ImageSettings => _ => _;

    private AbsolutePath ImagesDirectory => PackagesDirectory / "images";

    private AbsolutePath RawImagesDirectory => TemporaryDirectory / "images";

    private void PackSdkImage(Project project)
    {
        var name = project.Name.ToLowerInvariant();
        var runtimes = ImageRuntimes(project).ToImmutableArray();
        var raw = RawImagesDirectory.CreateDirectory() / $"{name}.tar";
        raw.DeleteFile();
        DotNetTasks.DotNetPublish(_ => IHazPackages.OwnLockFile(ReleaseSettings(_), "container")
            .SetProject(project)
            .SetConfiguration(Configuration.Release)
            .SetVerbosity("minimal")
            .SetProperty("ContainerArchiveOutputPath", raw)
            .SetProperty("ContainerRepository", name)
            .SetProperty("ContainerImageTag", "release")
            .SetProperty("ContainerImageFormat", "OCI")
            // One program for all processors: 'dotnet name.dll', on the runtime of the base image.
            .SetSelfContained(false)
            .SetProperty("UseAppHost", false)
            .SetProperty("EnableAppHostPackDownload", false)
            .SetProperty("EnableRuntimePackDownload", false)
            .WhenNotNull(ContainerBaseImage, (x, image) => x.SetProperty("ContainerBaseImage", image))
            .When(LoopbackRegistry is not null, x => x.SetProcessEnvironmentVariable("DOTNET_CONTAINER_INSECURE_REGISTRIES", LoopbackRegistry))
            .AddProcessAdditionalArguments("-t:PublishContainer")
            // Quoted for MSBuild itself, which would take what stands behind the semicolon for another property.
            .AddProcessAdditionalArguments(runtimes is [var only] ? $"-p:RuntimeIdentifier={only}" : $"-p:RuntimeIdentifiers=\"{string.Join(';', runtimes)}\"")
            .Apply(ImageSettings));
        Finish(name, raw, ImageOrigin.Sdk);
    }

    private async Task PackDockerfileAsync(DockerfileImage image)
    {
        var raw = RawImagesDirectory.CreateDirectory() / $"{image.Name}.tar";
        raw.DeleteFile();
        var temporary = $"fairlead-{image.Name}:{Guid.NewGuid():N}";
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal) { ["VERSION"] = $"{Version.Version}" };
        var hasBuildx = (await Context.RunAsync(Docker.BuildxVersion().WithAnyExitCode(), logOutput: false)).ExitCode == 0;
        await Context.RunAsync(Docker.Build(image.Dockerfile, image.Directory ?? image.Dockerfile.Parent, temporary, arguments, hasBuildx));
        try
        {
            await Context.RunAsync(Docker.Save(temporary, raw));
        }
        finally
        {
            await Context.RunAsync(Docker.Remove(temporary).WithAnyExitCode(), logOutput: false);
        }

        Finish(image.Name, raw, ImageOrigin.Dockerfile);
    }

    private void Finish(string name, AbsolutePath raw, ImageOrigin origin)
    {
        var repository = Tooling.GitRepository.Find(RootDirectory)?.HttpsUrl;
        var image = ImageNormaliser.Normalise(
            raw,
            ImagesDirectory / $"{name}.oci.tar",
            origin,
            ImageRepository(name),
            ImageFile.TagOf($"{Version.Version}"),
            new ImageLabels
            {
                Title = name,
                Version = $"{Version.Version}",
                Revision = Version.Commit,
                Created = Version.CommitTime,
                Source = repository,
                Licences = ImageLicences,
                BaseName = origin == ImageOrigin.Sdk ? ContainerBaseImage : null,
            },
            AllowsRoot(name));
        raw.DeleteFile();
        ReportSummary("Image", $"{image.Repository}:{image.Tag} {image.Digest}");
    }

    /// <summary>The base image's registry when it is on this machine, where there is no https.</summary>
    private string? LoopbackRegistry => ContainerBaseImage?.Split('/')[0] is { } host && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var uri) && uri.IsLoopback ? host : null;
}
