using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Makes npm packages. Their scripts do not run: build what they hold in a target that <see cref="PackNpm"/> depends on.</summary>
public interface IPackNpm : IHazPackages
{
    /// <summary>The directories of <c>package.json</c>.</summary>
    IEnumerable<AbsolutePath> NpmDirectories { get; }

    /// <summary>Packs copies with the release's version; the work tree is not changed.</summary>
    Target PackNpm => _ => _
        .Description("Makes the npm packages")
        .TryAfter<ICompile>(x => x.Compile)
        .Produces(NpmPackagesDirectory / "*.tgz")
        .Executes(async _ =>
        {
            NpmPackagesDirectory.CreateOrCleanDirectory();
            var copies = (TemporaryDirectory / "npm").CreateOrCleanDirectory();
            var number = 0;
            var directories = NpmDirectories.ToList();
            if (directories.Count == 0)
                throw new UserErrorException("No directory is named, so there is no npm package.", "Name those of package.json in IPackNpm.NpmDirectories.");
            foreach (var directory in directories)
            {
                var copy = copies / $"{++number}" / directory.Name;
                NpmPackage.Prepare(directory, copy, $"{Version.Version}");
                await Context.RunAsync(Npm.Pack(copy, NpmPackagesDirectory));
            }

            copies.DeleteDirectory();
            foreach (var package in NpmPackagesDirectory.GetFiles("*.tgz"))
                NpmPackage.Normalise(package, Version.CommitTime);
        });

    /// <summary>The packages that are there.</summary>
    IEnumerable<ArtifactFile> NpmArtifacts => IHazPackages.ArtifactsIn(NpmPackagesDirectory, ArtifactKinds.Npm, x => x.Name.Replace($"-{Version.Version}", "", StringComparison.Ordinal));

    private AbsolutePath NpmPackagesDirectory => PackagesDirectory / "npm";
}
