using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
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

            var seen = $"{collected.Packages} packages in {string.Join(" and ", new[] { Number(images.Length, "image"), Number(outputs.Length, "published output") }.OfType<string>())}{collected.Note}";
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
        var results = run.Report!.Results.Where(x => StagedTree.PathOf(x.Target) is not null).Select(x => x with
        {
            Target = StagedTree.PathOf(x.Target)!,
            Findings = [.. x.Findings.Select(y => y with { File = StagedTree.PathOf(y.File) ?? y.File })],
        }).ToList();
        collected.Add(results);
        if (!outputs.IsEmpty)
            collected.Reports = collected.Reports.SetItem("published", run.Json!);
        var lists = tree.Files.Where(x => x.EndsWith(".deps.json", StringComparison.Ordinal)).ToList();
        var unseen = lists.Where(x => !results.Exists(y => y.Target == x) && HasPackages(tree.At(x))).ToList();
        if (unseen.Count > 0)
            collected.Failures.Add($"Trivy did not look at {string.Join(", ", unseen)}.");
        if (outputs.Where(x => !tree.Files.Any(y => y.StartsWith($"{x.Name}/", StringComparison.Ordinal))).Select(x => x.Name).ToList() is { Count: > 0 } empty)
            collected.Failures.Add($"There is no file in the published output of {string.Join(", ", empty)}.");
        if (outputs.Count(x => !lists.Exists(y => y.StartsWith($"{x.Name}/", StringComparison.Ordinal))) is > 0 and var without)
            collected.Note = $" ({without} of them without a list of packages of its own: what is in there is what the sources resolve)";
    }

    /// <summary>A list of projects alone gives no result.</summary>
    static bool HasPackages(AbsolutePath list) => list.ReadAllText().Contains("\"type\": \"package\"", StringComparison.Ordinal);

    static async Task ScanImageAsync(Trivy trivy, string name, string image, Collected collected, CancellationToken cancellationToken)
    {
        var unpacked = trivy.Work / "layout";
        try
        {
            if (Path.IsPathFullyQualified(image) && File.Exists(image) && IsArchivedLayout(image))
                image = Unpack(image, unpacked);
            var run = await trivy.ImageAsync(image, cancellationToken);
            collected.Warnings.AddRange(run.Warnings);
            if ((run.DatabaseFailure ?? run.Failure) is { } failure)
            {
                collected.Failures.Add($"The image {name} was not scanned. {failure}");
                return;
            }

            collected.Reports = collected.Reports.SetItem($"image-{string.Concat(name.Select(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '-' ? x : '-'))}", run.Json!);
            if (!run.Report!.Results.Any(x => !x.Packages.IsEmpty))
                collected.Failures.Add($"Trivy saw no package in the image {name}: neither of a Linux distribution nor of an application. A scan that saw nothing proves nothing.");
            if (await trivy.BillAsync(cancellationToken) is { } bill)
                collected.Bills = collected.Bills.SetItem(name, bill);
            collected.Add(run.Report.Results.Select(x => x with { Findings = [.. x.Findings.Select(y => y with { File = $"{name}:{y.File}" })] }));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            collected.Failures.Add($"The image {name} was not scanned: '{image}' cannot be read ({exception.Message}).");
        }
        finally
        {
            unpacked.DeleteDirectory();
        }
    }

    /// <summary>An OCI layout in an archive: Trivy takes layouts as directories only. What 'docker save' writes has both forms, and is taken as it is.</summary>
    static bool IsArchivedLayout(string archive)
    {
        using var tar = Open(archive);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
            names.Add(entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name);
        return names.Contains("oci-layout") && !names.Contains("manifest.json");
    }

    static string Unpack(string archive, AbsolutePath directory)
    {
        using var stream = OpenStream(archive);
        TarFile.ExtractToDirectory(stream, directory.CreateDirectory(), overwriteFiles: false);
        return directory;
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
