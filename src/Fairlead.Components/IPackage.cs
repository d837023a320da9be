using Fairlead.Changelog;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;
using static Fairlead.Engine.DotNetTasks;

namespace Fairlead.Components;

/// <summary>Builds what is released, and seals it: archives of the applications, a bill of materials, the verdicts, the notes.</summary>
public interface IPackage : ICompile, IHazRelease, IHazChangelog
{
    /// <summary>The projects that are released and deployed. Each becomes an artifact named like it, in lower case.</summary>
    IEnumerable<Project> Applications { get; }

    /// <summary>Name of the application in the release: by default as in <c>.nuke/environments.yml</c>, or the solution's in lower case.</summary>
    string ApplicationName => (this as IHazEnvironments)?.EnvironmentsFile.Application ?? Solution.Name.ToLowerInvariant();

    /// <summary>
    /// Packages. Does nothing when this very commit is sealed already, or when <c>--release</c> names a release; but asked for by name it packages a
    /// sealed release again that has a verdict which did not pass. The same artifacts give the same release digest, so what was verified of
    /// it still counts.
    /// </summary>
    Target Package => _ => _
        .Description("Builds, checks and seals the release")
        .DependsOn(Compile)
        .TryDependsOn<ITest>(x => x.Test)
        .TryDependsOn<IScan>(x => x.Scan)
        .OnlyWhenStatic(() => !IsReleaseSealed() || IsAskedForBetterVerdicts(), "the release of this commit is sealed already")
        .WhenSkipped(DependencyBehavior.Skip)
        .Produces(ReleaseDirectory / "*")
        .Executes(async cancellationToken =>
        {
            var writer = ReleaseWriter.Begin(ReleaseDirectory);
            var artifacts = Applications.Select(PackageApplication).ToList();
            var (sbomFiles, sbom) = WriteSbom();
            artifacts.AddRange(sbomFiles);
            var manifest = writer.Seal(new ReleaseDraft
            {
                Application = ApplicationName,
                Version = Version.Version.ToString(),
                Commit = Version.Commit,
                CommitTime = Version.CommitTime,
                Dirty = Version.IsDirty,
                Branch = Version.Branch,
                Artifacts = [.. artifacts],
                Verdicts = [Verdict(VerdictKinds.Tests), Verdict(VerdictKinds.Scan), sbom],
                Notes = await WriteNotesAsync(DocumentKind.ReleaseNotes, cancellationToken),
            });
            ReportSummary("Release", $"{manifest.Version} ({manifest.Digest[..19]}…)");
            foreach (var verdict in manifest.Verdicts)
                Context.Write(verdict.Outcome == VerdictOutcome.Passed ? LogLevel.Information : LogLevel.Warning, $"{verdict.Kind}: {(verdict.Outcome == VerdictOutcome.NotDone ? "NOT DONE" : verdict.Outcome.ToString().ToLowerInvariant())}. {verdict.Summary}");

            Verdict Verdict(string kind) => VerdictFile.Read(ReportDirectory, Version.InformationalVersion, kind);
        });

    /// <summary>What the build sets when it publishes an application.</summary>
    Configure<DotNetPublishSettings> PublishSettings => _ => _;

    private bool IsAskedForBetterVerdicts() => ReleaseChoice is null && InvokedTargets.Contains(Package)
        && ReleaseReader.Load(ReleaseDirectory).Manifest is { } manifest && manifest.Verdicts.Any(x => x.Outcome != VerdictOutcome.Passed);

    private ArtifactFile PackageApplication(Project project)
    {
        var name = project.Name.ToLowerInvariant();
        var output = (TemporaryDirectory / "publish" / name).CreateOrCleanDirectory();
        DotNetPublish(_ => _
            .SetProject(project)
            .SetConfiguration(Configuration.Release)
            .SetOutput(output)
            .SetVerbosity("minimal")
            .SetVersion(Version.Version.ToString())
            .SetInformationalVersion($"{Version.Version}+{Version.Commit}")
            .EnableContinuousIntegrationBuild()
            .Apply(PublishSettings));
        var archive = ReleaseDirectory / $"{name}.tar.gz";
        TarGz.Create(output, archive, Version.CommitTime);
        var entryPoint = $"{project.Name}.dll";
        return new ArtifactFile(name, ArtifactKinds.Application, archive, (output / entryPoint).FileExists() ? entryPoint : null);
    }

    private (IReadOnlyList<ArtifactFile> Files, Verdict Verdict) WriteSbom()
    {
        var repository = (this as IHazGitRepository)?.GitRepository;
        var result = SbomGenerator.Generate(new SbomRequest
        {
            Name = ApplicationName,
            Version = Version.Version.ToString(),
            Commit = Version.Commit,
            CommitTime = Version.CommitTime,
            Projects = [.. Applications.Select(x => x.Path)],
            Supplier = new SbomParty(repository?.Identifier?.Split('/')[0] ?? ApplicationName) { Url = repository?.HttpsUrl },
            VcsUrl = repository?.HttpsUrl,
        });
        if (result.Json is null || result.Spdx is null)
            return ([], result.Verdict);
        return ([Write("sbom", "sbom.cdx.json", result.Json), Write("sbom-spdx", "sbom.spdx.json", result.Spdx)], result.Verdict);

        ArtifactFile Write(string name, string file, string content)
        {
            AtomicFile.Write(ReleaseDirectory / file, content);
            return new ArtifactFile(name, ArtifactKinds.Sbom, ReleaseDirectory / file);
        }
    }
}
