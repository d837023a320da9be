using Fairlead.Changelog;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>
/// Builds what is released, scans it, runs the checklist, and seals it: archives of the applications, what the other packing components have made, bills of materials, the verdicts, the notes.
/// </summary>
public interface IPackage : ICompile, IHazRelease, IHazChangelog, IHazPackages
{
    /// <summary>The projects that are released and deployed. Each becomes an artifact named like it, in lower case.</summary>
    IEnumerable<Project> Applications { get; }

    /// <summary>Name of the application in the release: by default as in <c>.nuke/environments.yml</c>, or the solution's in lower case.</summary>
    string ApplicationName => (this as IHazEnvironments)?.EnvironmentsFile.Application ?? Solution.Name.ToLowerInvariant();

    /// <summary>Who makes and supplies the application, for its bills of materials: by default the owner of the repository, or the application's name.</summary>
    SbomParty Supplier => (this as IHazGitRepository)?.GitRepository is { Identifier: { } identifier } repository
        ? new SbomParty(identifier.Split('/')[0]) { Url = repository.HttpsUrl }
        : new SbomParty(ApplicationName);

    /// <summary>The application's own licence as an SPDX expression, for its bills of materials; null: they do not say.</summary>
    string? LicenceExpression => null;

    /// <summary>
    /// Packages. Does nothing when this very commit is sealed already, or when <c>--release</c> names a release; but asked for by name it packages a
    /// sealed release again that has a verdict which did not pass. The same artifacts give the same release digest, so what was verified of
    /// it still counts.
    /// </summary>
    Target Package => _ => DependsOnScans(_.DependsOn(Compile))
        .Description("Builds, checks and seals the release")
        .TryDependsOn<ILint>(x => x.Lint)
        .TryDependsOn<ITest>(x => x.Test)
        .TryDependsOn<IReportCoverage>(x => x.ReportCoverage)
        .TryDependsOn<IPack>(x => x.Pack)
        .TryDependsOn<IPackArchives>(x => x.PackArchives)
        .TryDependsOn<IPackBinaries>(x => x.PackBinaries)
        .TryDependsOn<IPackImages>(x => x.PackImages)
        .TryDependsOn<IPackNpm>(x => x.PackNpm)
        .TryAfter<IHazBenchmarks>(x => x.CompareBenchmarks)
        .OnlyWhenStatic(() => !IsReleaseSealed() || IsAskedForBetterVerdicts(), "the release of this commit is sealed already")
        .WhenSkipped(DependencyBehavior.Skip)
        .Produces(ReleaseDirectory / "*")
        .Executes(async cancellationToken =>
        {
            var writer = ReleaseWriter.Begin(ReleaseDirectory);
            List<ArtifactFile> artifacts = [.. Applications.Select(PackageApplication), .. PackedElsewhere()];
            var built = await ScanBuiltAsync(artifacts, cancellationToken);
            var (bills, sbom) = WriteBills(artifacts, built);
            var notes = await WriteNotesAsync(DocumentKind.ReleaseNotes, cancellationToken);
            var verdicts = Verdicts([.. built is null ? [] : new[] { built.Verdict }], sbom, notes);
            foreach (var line in verdicts.SelectMany(x => ReleaseReport.Lines(x, "")))
                Context.Write(LogLevel.Information, line);
            if ((this as IReleaseChecklist)?.Missing(verdicts) is { Count: > 0 } missing)
            {
                throw new UserErrorException(
                    $"{Version.Version} is not sealed; of its checklist {(missing.Count == 1 ? "one item is" : $"{missing.Count} items are")} missing:{Environment.NewLine}{string.Join(Environment.NewLine, missing.Select(x => $"{x.Kind}: {(x.Outcome == VerdictOutcome.NotDone ? "not done. " : "")}{x.Summary}"))}",
                    "Run what is missing (without '--skip'), or mend it. What a release must have here is said by IReleaseChecklist.RequiredForRelease.")
                { ExitCode = ExitCodes.Refused };
            }

            var manifest = writer.Seal(new ReleaseDraft
            {
                Application = ApplicationName,
                Version = $"{Version.Version}",
                Commit = Version.Commit,
                CommitTime = Version.CommitTime,
                Dirty = Version.IsDirty,
                Branch = Version.Branch,
                Artifacts = [.. artifacts, .. bills],
                Verdicts = [.. verdicts],
                Notes = notes,
            });
            ReleaseProvenance.Write(ReleaseDirectory, manifest, BuildFacts.Of(this, manifest));
            ReportSummary("Release", $"{manifest.Version} ({manifest.Digest[..19]}…)");
        });

    /// <summary>What the build sets when it publishes an application.</summary>
    Configure<DotNetPublishSettings> PublishSettings => _ => _;

    // All of the scan, or those parts of it that the build has taken.
    private ITargetDefinition DependsOnScans(ITargetDefinition definition) => this is IScan
        ? definition.TryDependsOn<IScan>(x => x.Scan)
        : definition
            .TryDependsOn<IScanDependencies>(x => x.ScanDependencies)
            .TryDependsOn<IScanSecrets>(x => x.ScanSecrets)
            .TryDependsOn<IScanConfiguration>(x => x.ScanConfiguration)
            .TryDependsOn<IScanLicences>(x => x.ScanLicences);

    private bool IsAskedForBetterVerdicts() => ReleaseChoice is null && InvokedTargets.Contains(Package)
        && ReleaseReader.Load(ReleaseDirectory).Manifest is { } manifest && manifest.Verdicts.Any(x => x.Outcome != VerdictOutcome.Passed || x.ValidUntil < Today);

    private AbsolutePath OutputOf(string name) => TemporaryDirectory / "publish" / name;

    private ArtifactFile PackageApplication(Project project)
    {
        var name = project.Name.ToLowerInvariant();
        var output = PublishTo(OutputOf(name), project, PublishSettings);
        var archive = ReleaseDirectory / $"{name}.tar.gz";
        TarGz.Create(output, archive, Version.CommitTime);
        var entryPoint = $"{project.Name}.dll";
        return new ArtifactFile(name, ArtifactKinds.Application, archive, (output / entryPoint).FileExists() ? entryPoint : null);
    }

    // What the other components have made for this version, copied to where the release is sealed.
    private IEnumerable<ArtifactFile> PackedElsewhere()
    {
        List<(Target Target, string Name, Func<IEnumerable<ArtifactFile>> Artifacts)> parts = [];
        if (this is IPack pack)
            parts.Add((pack.Pack, nameof(IPack.Pack), () => pack.PackArtifacts));
        if (this is IPackArchives archives)
            parts.Add((archives.PackArchives, nameof(IPackArchives.PackArchives), () => archives.ArchiveArtifacts));
        if (this is IPackBinaries binaries)
            parts.Add((binaries.PackBinaries, nameof(IPackBinaries.PackBinaries), () => binaries.BinaryArtifacts));
        if (this is IPackImages images)
            parts.Add((images.PackImages, nameof(IPackImages.PackImages), () => images.ImageArtifacts));
        if (this is IPackNpm npm)
            parts.Add((npm.PackNpm, nameof(IPackNpm.PackNpm), () => npm.NpmArtifacts));
        // What an earlier run has left may be of another version or tree.
        foreach (var (_, name, _) in parts.Where(x => !SucceededTargets.Contains(x.Target)))
            Context.Write(LogLevel.Warning, $"{name} did not run, so the release is sealed without what it makes.");
        foreach (var artifact in parts.Where(x => SucceededTargets.Contains(x.Target)).SelectMany(x => x.Artifacts()))
        {
            var file = ReleaseDirectory / artifact.File.Name;
            artifact.File.Copy(file, ExistsPolicy.FileOverwrite);
            yield return artifact with { File = file };
        }
    }

    // Sources and dependencies were scanned before; this is what really goes out.
    private async Task<PartResult?> ScanBuiltAsync(IReadOnlyCollection<ArtifactFile> artifacts, CancellationToken cancellationToken)
    {
        if (this is not IScanPart scan)
            return null;
        List<BuiltItem> items =
        [
            .. artifacts.Where(x => x.Kind == ArtifactKinds.Application).Select(x => new BuiltItem(x.Name, OutputOf(x.Name))),
            .. artifacts.Where(x => x.Kind == ArtifactKinds.Image).Select(x => new BuiltItem(x.Name, x.File)),
            .. artifacts.Where(x => x.Kind is ArtifactKinds.Archive or ArtifactKinds.Binary or ArtifactKinds.NuGet or ArtifactKinds.Npm).Select(x => new BuiltItem(x.Name, Unpacked(x))),
        ];
        if (items.Count == 0)
            return null;
        var result = await BuiltScan.RunAsync(scan.ScanSettings, items, cancellationToken);
        scan.Conclude("Scan of what was built", result);
        return result;
    }

    private AbsolutePath Unpacked(ArtifactFile artifact)
    {
        var directory = (TemporaryDirectory / "unpacked" / artifact.Name).CreateOrCleanDirectory();
        if (artifact.File.HasExtension(".zip", ".nupkg"))
        {
            System.IO.Compression.ZipFile.ExtractToDirectory(artifact.File, directory);
        }
        else if (artifact.File.HasExtension(".gz", ".tgz"))
        {
            using var file = File.OpenRead(artifact.File);
            using var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress);
            System.Formats.Tar.TarFile.ExtractToDirectory(gzip, directory, overwriteFiles: false);
        }
        else
        {
            artifact.File.Copy(directory / artifact.File.Name);
        }

        return directory;
    }

    private (IReadOnlyList<ArtifactFile> Files, Verdict Verdict) WriteBills(IEnumerable<ArtifactFile> artifacts, PartResult? built)
    {
        var request = new SbomRequest
        {
            Name = ApplicationName,
            Version = $"{Version.Version}",
            Commit = Version.Commit,
            CommitTime = Version.CommitTime,
            Projects = [.. Applications.Select(x => x.Path)],
            Supplier = Supplier,
            Licence = LicenceExpression,
            VcsUrl = (this as IHazGitRepository)?.GitRepository.HttpsUrl,
        };
        var whole = SbomGenerator.Generate(request);
        if (whole is not { Json: { } cycloneDx, Spdx: { } spdx })
            return ([], whole.Verdict);
        List<ArtifactFile> files = [Write("sbom", "sbom.cdx.json", cycloneDx), Write("sbom-spdx", "sbom.spdx.json", spdx)];
        List<string> unseen = [];
        // An image holds more than what NuGet knows: what the scanner has seen in it is added.
        foreach (var image in artifacts.Where(x => x.Kind == ArtifactKinds.Image))
        {
            var project = Applications.FirstOrDefault(x => $"{x.Name.ToLowerInvariant()}-image" == image.Name);
            var bill = SbomGenerator.Generate(request with { Name = image.Name, Kind = SbomSubjectKind.Image, Projects = project is null ? request.Projects : [project.Path] }).Sbom;
            if (bill is null)
                return ([], new Verdict(VerdictKinds.Sbom, VerdictOutcome.Failed, $"There is no bill of materials of the image {image.Name}."));
            // One for each platform of an index.
            var seen = (built?.Bills.AsEnumerable() ?? []).Where(x => x.Key == image.Name || x.Key.StartsWith(image.Name + " (", StringComparison.Ordinal)).ToList();
            foreach (var (name, json) in seen)
                bill = SbomMerger.Merge(bill, CycloneDxReader.Read(System.Text.Encoding.UTF8.GetBytes(json), name));
            if (seen.Count == 0)
                unseen.Add(image.Name);
            files.Add(Write($"{image.Name}-sbom", $"{image.Name}.cdx.json", CycloneDxWriter.Write(bill)));
        }

        return (files, unseen.Count == 0 ? whole.Verdict : whole.Verdict with { Summary = $"{whole.Verdict.Summary} What the base image of {string.Join(", ", unseen)} holds is not in it: no scanner has told." });

        ArtifactFile Write(string name, string file, string content)
        {
            AtomicFile.Write(ReleaseDirectory / file, content);
            return new ArtifactFile(name, ArtifactKinds.Sbom, ReleaseDirectory / file);
        }
    }

    // What this build checks, and what other components of the user's own have kept about this very tree.
    private List<Verdict> Verdicts(IReadOnlyList<Verdict> built, Verdict sbom, string notes)
    {
        var tree = Version.InformationalVersion;
        Verdict Kept(string kind) => VerdictFile.Read(ReportDirectory, tree, kind);
        string[] parts =
        [
            .. this is IScanDependencies ? [ScanKinds.Dependencies] : Array.Empty<string>(), .. this is IScanSecrets ? [ScanKinds.Secrets] : Array.Empty<string>(),
            .. this is IScanConfiguration ? [ScanKinds.Configuration] : Array.Empty<string>(),
        ];
        // Whoever asks whether a release was scanned means its dependencies and secrets.
        IEnumerable<Verdict> missing = parts.Length == 0 && built.Count == 0 ? []
            : new[] { ScanKinds.Dependencies, ScanKinds.Secrets }.Except(parts, StringComparer.Ordinal).Select(x => new Verdict(x, VerdictOutcome.NotDone, $"The build has no component for {x}."));
        List<Verdict> verdicts = [Kept(VerdictKinds.Tests), Verdict.Of(VerdictKinds.Scan, [.. parts.Select(Kept), .. missing, .. built]), sbom];
        if (this is ILint)
            verdicts.Add(Kept(VerdictKinds.Lint));
        if (this is IReportCoverage)
            verdicts.Add(Kept(VerdictKinds.Coverage));
        if (this is IScanLicences)
            verdicts.Add(Kept(VerdictKinds.Licences));
        if (this is IHazBenchmarks)
            verdicts.Add(Kept(VerdictKinds.Benchmarks));
        if (this is IReleaseChecklist checklist)
            verdicts.AddRange([checklist.CheckChangelog(notes), checklist.CheckDocumentation()]);
        verdicts.AddRange(VerdictFile.Kinds(ReportDirectory).Where(x => !x.Contains('.', StringComparison.Ordinal) && verdicts.TrueForAll(y => y.Kind != x)).Select(Kept).Where(x => x.Outcome != VerdictOutcome.NotDone));
        return verdicts;
    }
}
