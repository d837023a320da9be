using System.Diagnostics.CodeAnalysis;
using Fairlead.Engine;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>
/// Makes the targets and values of components members of every build that has the component: <c>Execute&lt;Build>(x => x.Package)</c>, without a cast. A
/// component of your own gets the same by a class like this one.
/// </summary>
[SuppressMessage("Naming", "CA1708", Justification = "Extension blocks have no names.")]
public static class ComponentMembers
{
    extension(IHazSolution build)
    {
        /// <inheritdoc cref="IHazSolution.Solution"/>
        public Solution Solution => build.Solution;
    }

    extension(IHazConfiguration build)
    {
        /// <inheritdoc cref="IHazConfiguration.Configuration"/>
        public Configuration Configuration => build.Configuration;
    }

    extension(IHazGitRepository build)
    {
        /// <inheritdoc cref="IHazGitRepository.GitRepository"/>
        public GitRepository GitRepository => build.GitRepository;
    }

    extension(IHazVersion build)
    {
        /// <inheritdoc cref="IHazVersion.Version"/>
        public ReleaseVersion Version => build.Version;
    }

    extension(IRestore build)
    {
        /// <inheritdoc cref="IRestore.Restore"/>
        public Target Restore => build.Restore;
    }

    extension(ICompile build)
    {
        /// <inheritdoc cref="ICompile.Compile"/>
        public Target Compile => build.Compile;
    }

    extension(ITest build)
    {
        /// <inheritdoc cref="ITest.Test"/>
        public Target Test => build.Test;
    }

    extension(IScanDependencies build)
    {
        /// <inheritdoc cref="IScanDependencies.ScanDependencies"/>
        public Target ScanDependencies => build.ScanDependencies;
    }

    extension(IScanSecrets build)
    {
        /// <inheritdoc cref="IScanSecrets.ScanSecrets"/>
        public Target ScanSecrets => build.ScanSecrets;
    }

    extension(IScanConfiguration build)
    {
        /// <inheritdoc cref="IScanConfiguration.ScanConfiguration"/>
        public Target ScanConfiguration => build.ScanConfiguration;
    }

    extension(IScanImages build)
    {
        /// <inheritdoc cref="IScanImages.ScanImages"/>
        public Target ScanImages => build.ScanImages;
    }

    extension(IScan build)
    {
        /// <inheritdoc cref="IScan.Scan"/>
        public Target Scan => build.Scan;
    }

    extension(IPackage build)
    {
        /// <inheritdoc cref="IPackage.Package"/>
        public Target Package => build.Package;
    }

    extension(ISign build)
    {
        /// <inheritdoc cref="ISign.Sign"/>
        public Target Sign => build.Sign;
    }

    extension(ILint build)
    {
        /// <inheritdoc cref="ILint.Lint"/>
        public Target Lint => build.Lint;
    }

    extension(IReportCoverage build)
    {
        /// <inheritdoc cref="IReportCoverage.ReportCoverage"/>
        public Target ReportCoverage => build.ReportCoverage;
    }

    extension(IHazBenchmarks build)
    {
        /// <inheritdoc cref="IHazBenchmarks.CompareBenchmarks"/>
        public Target CompareBenchmarks => build.CompareBenchmarks;
    }

    extension(IPack build)
    {
        /// <inheritdoc cref="IPack.Pack"/>
        public Target Pack => build.Pack;
    }

    extension(IPackArchives build)
    {
        /// <inheritdoc cref="IPackArchives.PackArchives"/>
        public Target PackArchives => build.PackArchives;
    }

    extension(IPackBinaries build)
    {
        /// <inheritdoc cref="IPackBinaries.PackBinaries"/>
        public Target PackBinaries => build.PackBinaries;
    }

    extension(IPackImages build)
    {
        /// <inheritdoc cref="IPackImages.PackImages"/>
        public Target PackImages => build.PackImages;
    }

    extension(IPackNpm build)
    {
        /// <inheritdoc cref="IPackNpm.PackNpm"/>
        public Target PackNpm => build.PackNpm;
    }

    extension(IPublish build)
    {
        /// <inheritdoc cref="IPublish.Publish"/>
        public Target Publish => build.Publish;
    }

    extension(IVerifyReproducible build)
    {
        /// <inheritdoc cref="IVerifyReproducible.VerifyReproducible"/>
        public Target VerifyReproducible => build.VerifyReproducible;
    }

    extension(IDeployStaging build)
    {
        /// <inheritdoc cref="IDeployStaging.DeployStaging"/>
        public Target DeployStaging => build.DeployStaging;
    }

    extension(IDeployProduction build)
    {
        /// <inheritdoc cref="IDeployProduction.DeployProduction"/>
        public Target DeployProduction => build.DeployProduction;
    }

    extension(ITag build)
    {
        /// <inheritdoc cref="ITag.Tag"/>
        public Target Tag => build.Tag;
    }

    extension(IAnnounce build)
    {
        /// <inheritdoc cref="IAnnounce.Announce"/>
        public Target Announce => build.Announce;
    }
}
