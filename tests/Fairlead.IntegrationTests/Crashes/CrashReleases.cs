using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Sealed releases of the real Storefront that differ in their version alone, and so in their artifact.</summary>
sealed class CrashReleases : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-crash-releases-").FullName);
    readonly ConcurrentDictionary<string, Lazy<AbsolutePath>> _releases = new(StringComparer.Ordinal);

    /// <summary>The host that runs these tests.</summary>
    public static AbsolutePath Dotnet { get; } = AbsolutePath.Create(RuntimeEnvironment.GetRuntimeDirectory()).Parent.Parent.Parent / "dotnet";

    /// <summary>Where a project of this repository was built, in the configuration of these tests.</summary>
    public static AbsolutePath OutputOf(string project)
    {
        // tests/Fairlead.IntegrationTests/bin/<configuration>/<framework>
        var here = AbsolutePath.Create(AppContext.BaseDirectory);
        return Repository.Product / project / "bin" / here.Parent.Name / here.Name;
    }

    /// <summary>The directory of the release of a version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="variables">What makes it bad: <c>STOREFRONT_ERROR_RATE=0.03</c>.</param>
    public AbsolutePath Of(string version, string variables = "") => _releases.GetOrAdd(version, x => new Lazy<AbsolutePath>(() => Make(x, variables))).Value;

    public void Dispose() => _root.DeleteDirectory();

    AbsolutePath Make(string version, string variables)
    {
        var files = _root / $"{version}-files";
        files.CreateDirectory();
        foreach (var file in OutputOf("src/Storefront").GetFiles())
            file.CopyToDirectory(files);
        AtomicFile.Write(files / "start", $"#!/bin/sh\nFAIRLEAD_VERSION={version} {variables} exec {Dotnet} Storefront.dll\n");

        var directory = _root / version;
        var writer = ReleaseWriter.Begin(directory);
        TarGz.Create(files, directory / "shop.tar.gz", DateTimeOffset.UnixEpoch);
        writer.Seal(new ReleaseDraft
        {
            Application = "shop",
            Version = version,
            Commit = new string('a', 40),
            CommitTime = DateTimeOffset.UnixEpoch,
            Artifacts = [new ArtifactFile("shop", ArtifactKinds.Application, directory / "shop.tar.gz", "start")],
            Verdicts = [],
        });
        return directory;
    }
}
