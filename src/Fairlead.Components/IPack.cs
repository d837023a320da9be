using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Tooling;
using static Fairlead.Engine.DotNetTasks;

namespace Fairlead.Components;

/// <summary>Makes NuGet packages with symbols, of all projects of the solution that say <c>IsPackable</c>.</summary>
public interface IPack : ICompile, IHazPackages
{
    /// <summary>Packs. Two runs over one commit, on whatever machine, give the same bytes.</summary>
    Target Pack => _ => _
        .Description("Makes the NuGet packages")
        .DependsOn(Compile)
        .Produces(PackagesDirectory / "*.nupkg", PackagesDirectory / "*.snupkg")
        .Executes(() =>
        {
            foreach (var old in PackageFiles)
                old.DeleteFile();
            DotNetPack(_ => _
                .Apply(PackSettingsBase)
                .Apply(PackSettings));
            var packages = PackageFiles.ToList();
            if (packages.Count == 0)
                throw new UserErrorException($"No project of '{Solution.Path.Name}' is packable, so there is no package.", "Write <IsPackable>true</IsPackable> into those that are to be packages.");
            foreach (var package in packages.Where(x => !NuGetNormaliser.Normalise(x, Version.CommitTime)))
                Context.Write(LogLevel.Warning, $"{package.Name} is signed already, so it stays as it is, and another build gives other bytes.");
            ReportSummary("Packages", $"{packages.Count(x => x.HasExtension(".nupkg"))} of NuGet, {Version.Version}");
        });

    /// <summary>The packages and their symbols that are there.</summary>
    IEnumerable<ArtifactFile> PackArtifacts => PackageFiles.Select(x => new ArtifactFile(
        x.Name.Replace($".{Version.Version}.", ".", StringComparison.OrdinalIgnoreCase),
        x.HasExtension(".snupkg") ? ArtifactKinds.Symbols : ArtifactKinds.NuGet,
        x));

    /// <summary>What the component itself sets.</summary>
    sealed Configure<DotNetPackSettings> PackSettingsBase => _ => ReleaseSettings(_
        .SetProject(Solution)
        .SetConfiguration(Configuration.Release)
        .SetOutputDirectory(PackagesDirectory)
        .SetVerbosity("minimal")
        .EnableIncludeSymbols()
        .SetSymbolPackageFormat(DotNetSymbolPackageFormat.snupkg)
        .When(RepositoryUrl is not null, x => x.SetRepositoryUrl(RepositoryUrl).SetProperty("PublishRepositoryUrl", true)));

    /// <summary>What the build sets on top.</summary>
    Configure<DotNetPackSettings> PackSettings => _ => _;

    private IReadOnlyList<AbsolutePath> PackageFiles => [.. PackagesDirectory.GetFiles().Where(x => x.HasExtension(".nupkg", ".snupkg"))];

    private string? RepositoryUrl => Tooling.GitRepository.Find(RootDirectory)?.HttpsUrl;
}
