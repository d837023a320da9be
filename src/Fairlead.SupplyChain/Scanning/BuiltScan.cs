using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>Scans images, and what was published, for vulnerable packages and secrets.</summary>
public static class BuiltScan
{
    /// <summary>Scans what was built: archives and OCI layout directories of images, and directories with published output.</summary>
    /// <param name="settings">What every scan has in common.</param>
    /// <param name="items">What was built. Nothing at all is a failure.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A verdict of the kind <see cref="ScanKinds.Built"/>.</returns>
    /// <exception cref="ProblemsException">A VEX document cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<PartResult> RunAsync(ScanSettings settings, IReadOnlyCollection<BuiltItem> items, CancellationToken cancellationToken = default)
    {
        if (items.FirstOrDefault(x => !x.Path.Exists()) is { } missing)
            return Whole(ScanKinds.Built, VerdictOutcome.Failed, $"'{missing.Path}' ({missing.Name}), which should be scanned, is not there.");
        var isOutput = items.ToLookup(x => x.Path.DirectoryExists() && !(x.Path / "oci-layout").FileExists());
        return await RunAsync(settings, ScanKinds.Built, [.. isOutput[true]], [.. isOutput[false].Select(x => (x.Name, (string)x.Path))], cancellationToken);
    }

    /// <summary>Scans images that are named by the user: references into a registry, or files.</summary>
    /// <param name="settings">What every scan has in common.</param>
    /// <param name="images">References (<c>registry/name:tag</c>, <c>registry/name@sha256:…</c>), or paths relative to the root of the repository.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A verdict of the kind <see cref="ScanKinds.Images"/>.</returns>
    /// <exception cref="ProblemsException">A VEX document cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<PartResult> RunImagesAsync(ScanSettings settings, IReadOnlyCollection<string> images, CancellationToken cancellationToken = default) =>
        RunAsync(settings, ScanKinds.Images, [], [.. images.Select(x => (x, InRepository(settings.Root, x)))], cancellationToken);

    static async Task<PartResult> RunAsync(
        ScanSettings settings, string kind, ImmutableArray<BuiltItem> outputs, ImmutableArray<(string Name, string Image)> images, CancellationToken cancellationToken)
    {
        if (outputs.IsEmpty && images.IsEmpty)
            return Whole(kind, VerdictOutcome.Failed, "There is nothing to scan: no image and no published output was named.");
        var judge = new FindingJudge(settings.Policy, VexStatements.Load(settings.Root, settings.Policy.Vex), settings.Today);
        var work = settings.TemporaryDirectory / $"scan-{Guid.NewGuid():N}";
        try
        {
            var (trivy, explanation) = await Trivy.FindAsync(settings, work, cancellationToken);
            if (trivy is null)
                return Whole(kind, VerdictOutcome.NotDone, SourceScan.NotDone(explanation));
            var collected = new Collected();
            await ScanOutputsAsync(settings, trivy, outputs, collected, cancellationToken);
            foreach (var (name, image) in images.TakeWhile(_ => collected.MayGoOn))
            {
                settings.Log($"Trivy looks at the image {name} …");
                await ScanImageAsync(trivy, name, image, collected, cancellationToken);
            }

            var seen = $"{collected.Packages} packages in {string.Join(" and ", new[] { Number(images.Length + collected.MorePlatforms, "image"), Number(outputs.Length, "published output") }.OfType<string>())}{collected.Note}{collected.PlatformNote}";
            return judge.Judge(kind, seen, collected.Findings, collected.Failures) with { Reports = collected.Reports, Bills = collected.Bills, Warnings = [.. collected.Warnings.Distinct(StringComparer.Ordinal), .. judge.Vex.Warnings] };
        }
        catch (ToolIntegrityException exception)
        {
            return Whole(kind, VerdictOutcome.Failed, $"{exception.Message} {exception.Remedy}");
        }
        finally
        {
            work.DeleteDirectory();
        }
    }

    /// <summary>Without outputs too: the canaries, which cannot be planted in an image, say whether the database is any good.</summary>
    static async Task ScanOutputsAsync(ScanSettings settings, Trivy trivy, ImmutableArray<BuiltItem> outputs, Collected collected, CancellationToken cancellationToken)
    {
        var tree = StagedTree.OfDirectories(outputs.Select(x => (x.Name, x.Path)), trivy.Work / "tree", cancellationToken);
        var canaries = Canaries.Plant(tree.Root);
        if (!outputs.IsEmpty)
            settings.Log($"Trivy looks at {tree.Files.Length} published files of {string.Join(", ", outputs.Select(x => x.Name))} …");
        var run = await trivy.DirectoryAsync(tree.Root, [ScanPart.Dependencies, ScanPart.Secrets], canaries.Directory, cancellationToken);
        collected.Warnings.AddRange(run.Warnings);
        if ((run.DatabaseFailure ?? run.Failure) is { } failure)
        {
            collected.Stop(failure);
            return;
        }

        foreach (var blind in new[] { ScanPart.Dependencies, ScanPart.Secrets }.Select(x => canaries.Missing(x, run.Report!)).OfType<string>())
            collected.Stop(blind);
        if (tree.Failure is { } unread)
            collected.Failures.Add(unread);
        var results = ResultsOf(run, canaries);
        collected.Add(results);
        if (!outputs.IsEmpty)
        {
            collected.Reports = collected.Reports.SetItem("published", run.Json!);
            await ScanInstalledAsync(trivy, tree, canaries, results, collected, cancellationToken);
        }

        var lists = tree.Files.Where(x => x.EndsWith(".deps.json", StringComparison.Ordinal)).ToList();
        var unseen = lists.Where(x => !results.Exists(y => y.Target == x) && HasPackages(tree.At(x))).ToList();
        if (unseen.Count > 0)
            collected.Failures.Add($"Trivy did not look at {string.Join(", ", unseen)}.");
        if (outputs.Where(x => !tree.Files.Any(y => y.StartsWith($"{x.Name}/", StringComparison.Ordinal))).Select(x => x.Name).ToList() is { Count: > 0 } empty)
            collected.Failures.Add($"There is no file in the published output of {string.Join(", ", empty)}.");
        if (outputs.Count(x => !lists.Exists(y => y.StartsWith($"{x.Name}/", StringComparison.Ordinal))) is > 0 and var without)
            collected.Note = $" ({without} of them without a list of packages of its own: what is in there is what the sources resolve)";
    }

    /// <summary>What is installed in the outputs, which a look at lists of packages passes over: what that look has seen already does not count twice.</summary>
    static async Task ScanInstalledAsync(Trivy trivy, StagedTree tree, Canaries canaries, List<TrivyReport.Result> seen, Collected collected, CancellationToken cancellationToken)
    {
        var run = await trivy.InstalledAsync(tree.Root, canaries.Directory, cancellationToken);
        collected.Warnings.AddRange(run.Warnings);
        if ((run.DatabaseFailure ?? run.Failure ?? canaries.Missing(ScanPart.Dependencies, run.Report!)) is { } failure)
        {
            collected.Stop(failure);
            return;
        }

        collected.Add(ResultsOf(run, canaries).Where(x => !seen.Exists(y => y.Target == x.Target && y.Class == x.Class)));
        collected.Reports = collected.Reports.SetItem("published-installed", run.Json!);
    }

    /// <summary>Without the canaries. Installed packages come together under the name of their kind ("Node.js", "Java"), each finding with its own path.</summary>
    static List<TrivyReport.Result> ResultsOf(TrivyRun run, Canaries canaries) => [.. run.Report!.Results
        .Where(x => !x.Target.StartsWith($"{canaries.Directory}/", StringComparison.Ordinal))
        .Select(x => x with
        {
            Target = StagedTree.PathOf(x.Target) ?? x.Target,
            Findings = [.. x.Findings.Select(y => y with { File = StagedTree.PathOf(y.File) ?? y.File })],
        })];

    /// <summary>A list of projects alone gives no result.</summary>
    static bool HasPackages(AbsolutePath list) => list.ReadAllText().Contains("\"type\": \"package\"", StringComparison.Ordinal);

    /// <summary>An image of several platforms is as many images.</summary>
    static async Task ScanImageAsync(Trivy trivy, string name, string image, Collected collected, CancellationToken cancellationToken)
    {
        var unpacked = trivy.Work / "layout";
        try
        {
            if (Path.IsPathFullyQualified(image) && File.Exists(image))
                image = TakeOut(image, unpacked);
            if (!Path.IsPathFullyQualified(image) || !File.Exists(Path.Combine(image, "oci-layout")))
            {
                await ScanOneAsync(trivy, name, name, image, null, collected, cancellationToken);
                return;
            }

            var layout = AbsolutePath.Create(image);
            var images = ImageLayout.Read(layout);
            if (images.IsEmpty)
                collected.Failures.Add($"There is no image in {name}.");
            collected.MorePlatforms += Math.Max(0, images.Length - 1);
            for (var i = 0; i < images.Length; i++)
            {
                var one = trivy.Work / $"layout-{i}";
                var called = images.Length == 1 ? name : $"{name} ({images[i].Platform ?? images[i].Digest})";
                // Who asks for the bill of the image by its name gets the first platform's.
                await ScanOneAsync(trivy, called, i == 0 ? name : called, ImageLayout.WriteOne(layout, images[i], one), images[i].Platform, collected, cancellationToken);
                one.DeleteDirectory();
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            collected.Failures.Add($"The image {name} was not scanned: '{image}' cannot be read ({exception.Message}).");
        }
        finally
        {
            unpacked.DeleteDirectory();
        }
    }

    static async Task ScanOneAsync(Trivy trivy, string name, string billName, string image, string? platform, Collected collected, CancellationToken cancellationToken)
    {
        var run = await trivy.ImageAsync(image, cancellationToken);
        collected.Warnings.AddRange(run.Warnings);
        if ((run.DatabaseFailure ?? run.Failure) is { } failure)
        {
            collected.Failures.Add($"The image {name} was not scanned. {failure}");
            return;
        }

        collected.Reports = collected.Reports.SetItem(Unused(collected.Reports, $"image-{string.Concat(name.Select(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '-' ? x : '-'))}"), run.Json!);
        var seen = run.Report!.Platform;
        if (platform is not null && seen is not null && platform != seen && !platform.StartsWith($"{seen}/", StringComparison.Ordinal))
            collected.Failures.Add($"The image {name} was not scanned: Trivy looked at one for {seen} instead.");
        // What other platforms a reference has, only its registry knows.
        if (!Path.IsPathFullyQualified(image))
            collected.Platforms.Add($"{name} for {seen ?? "a platform that Trivy does not tell"}");
        if (!run.Report.Results.Any(x => !x.Packages.IsEmpty))
            collected.Failures.Add($"Trivy saw no package in the image {name}: neither of a Linux distribution nor of an application. A scan that saw nothing proves nothing.");
        if (await trivy.BillAsync(cancellationToken) is { } bill)
            collected.Bills = collected.Bills.SetItem(billName, bill);
        collected.Add(run.Report.Results.Select(x => x with { Findings = [.. x.Findings.Select(y => y with { File = $"{name}:{y.File}" })] }));
    }

    static string Unused(ImmutableSortedDictionary<string, string> reports, string name) =>
        reports.ContainsKey(name) ? Enumerable.Range(2, reports.Count + 1).Select(x => $"{name}-{x}").First(x => !reports.ContainsKey(x)) : name;

    /// <summary>
    /// An OCI layout in an archive is unpacked: Trivy takes layouts as directories only. An archive of 'docker save' that has no layout, or whose layout lacks the other platforms of its image, is
    /// taken as it is.
    /// </summary>
    /// <exception cref="InvalidDataException">It has several images, of which Trivy would take the first.</exception>
    static string TakeOut(string archive, AbsolutePath directory)
    {
        var (isLayout, saved) = Contents(archive);
        if (saved > 1)
            throw new InvalidDataException($"it has {saved} images; save each to an archive of its own");
        if (!isLayout)
            return archive;
        using (var stream = OpenStream(archive))
            TarFile.ExtractToDirectory(stream, directory.CreateDirectory(), overwriteFiles: false);
        if (saved == 0)
            return directory;
        try
        {
            return ImageLayout.Read(directory).Length > 1 ? directory : archive;
        }
        catch (InvalidDataException)
        {
            return archive;
        }
    }

    static (bool IsLayout, int Saved) Contents(string archive)
    {
        using var tar = Open(archive);
        var isLayout = false;
        var saved = 0;
        while (tar.GetNextEntry() is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            isLayout |= name == "oci-layout";
            if (name != "manifest.json" || entry.DataStream is null)
                continue;
            try
            {
                using var document = JsonDocument.Parse(entry.DataStream);
                saved = document.RootElement.GetArrayLength();
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                throw new InvalidDataException("its manifest.json is not what 'docker save' writes", exception);
            }
        }

        return (isLayout, saved);
    }

    static TarReader Open(string archive) => new(OpenStream(archive));

    static Stream OpenStream(string archive)
    {
        var file = File.OpenRead(archive);
        var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    static string InRepository(AbsolutePath root, string image)
    {
        var path = AbsolutePath.Resolve(root, image);
        return path.Exists() ? path : image;
    }

    static string? Number(int count, string thing) => count == 0 ? null : count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    static PartResult Whole(string kind, VerdictOutcome outcome, string summary) => new(new Verdict(kind, outcome, summary), []);

    sealed class Collected
    {
        public List<Finding> Findings { get; } = [];

        public List<string> Failures { get; } = [];

        public List<string> Warnings { get; } = [];

        public int Packages { get; private set; }

        public bool MayGoOn { get; private set; } = true;

        public string Note { get; set; } = "";

        public int MorePlatforms { get; set; }

        public List<string> Platforms { get; } = [];

        public string PlatformNote => Platforms.Count == 0 ? "" : $" (from a registry, of an image of several platforms one alone: {string.Join(", ", Platforms)})";

        public ImmutableSortedDictionary<string, string> Bills { get; set; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

        public ImmutableSortedDictionary<string, string> Reports { get; set; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

        public void Add(IEnumerable<TrivyReport.Result> results)
        {
            foreach (var result in results)
            {
                Packages += result.Packages.Length;
                Findings.AddRange(result.Findings);
            }
        }

        public void Stop(string failure)
        {
            Failures.Add(failure);
            MayGoOn = false;
        }
    }
}
