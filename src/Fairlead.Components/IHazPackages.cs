using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Has a place for what is handed to others: packages, archives, binaries, images.</summary>
public interface IHazPackages : IHazSolution, IHazArtifacts, IHazVersion
{
    /// <summary>NuGet packages lie here, the others in a directory below for each kind. What another version has left is deleted first.</summary>
    AbsolutePath PackagesDirectory => ArtifactsDirectory / "packages";

    /// <summary>What the parts take when the build does not say: the applications of <see cref="IPackage"/>.</summary>
    internal sealed IEnumerable<Project> DefaultProjects => (this as IPackage)?.Applications ?? [];

    /// <summary>Publishes an application into an empty directory, as every machine does it.</summary>
    internal sealed AbsolutePath PublishTo(AbsolutePath output, Project project, Configure<DotNetPublishSettings> settings)
    {
        output.CreateOrCleanDirectory();
        DotNetTasks.DotNetPublish(_ => _
            .SetProject(project)
            .SetConfiguration(Configuration.Release)
            .SetOutput(output)
            .SetVerbosity("minimal")
            .Apply(ReleaseSettings)
            .Apply(settings));
        StaticAssets.Normalise(output, Version.CommitTime);
        return output;
    }

    /// <summary>Version and determinism, for everything that is built to be released.</summary>
    internal sealed T ReleaseSettings<T>(T settings)
        where T : DotNetBuildingSettings<T> => settings
            .SetVersion($"{Version.Version}")
            .SetInformationalVersion($"{Version.Version}+{Version.Commit}")
            .SetProperty("IncludeSourceRevisionInInformationalVersion", false)
            .EnableContinuousIntegrationBuild();

    /// <summary>
    /// For what is built for certain runtimes: their packages are not those of the lock file, and the work tree stays as it is. The lock file of the run lies with the
    /// other files in between.
    /// </summary>
    internal static T OwnLockFile<T>(T settings, string name)
        where T : DotNetSettings<T> => settings.SetProperty("NuGetLockFilePath", $"obj/packages.{name}.lock.json");

    /// <summary>The files of a directory as artifacts.</summary>
    internal static IEnumerable<ArtifactFile> ArtifactsIn(AbsolutePath directory, string kind, Func<AbsolutePath, string> name) => directory.GetFiles()
        .Where(x => !x.Name.EndsWith(".tmp", StringComparison.Ordinal))
        .Select(x => new ArtifactFile(name(x), kind, x));
}
