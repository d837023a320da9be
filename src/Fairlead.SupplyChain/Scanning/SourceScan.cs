using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// One look at the sources of a repository, for several parts at once: Trivy needs seconds to begin, so it begins once. Each part is judged by itself, when its own
/// measure is known.
/// </summary>
public sealed class SourceScan
{
    readonly ScanSettings _settings;
    readonly FindingJudge _judge;
    readonly VerdictOutcome _outcome;
    readonly string? _obstacle;
    readonly TrivyRun? _run;
    readonly StagedTree? _tree;
    readonly Canaries? _canaries;
    int _configurationSkipped;

    SourceScan(ScanSettings settings, FindingJudge judge, TrivyRun? run, StagedTree? tree, Canaries? canaries, (VerdictOutcome Outcome, string Text)? obstacle)
    {
        _settings = settings;
        _judge = judge;
        _run = run;
        _tree = tree;
        _canaries = canaries;
        _outcome = obstacle?.Outcome ?? VerdictOutcome.Failed;
        _obstacle = obstacle?.Text ?? (run?.DatabaseFailure is null ? run?.Failure : run.Report is null ? run.DatabaseFailure : null);
    }

    /// <summary>Looks. A scanner that is missing or fails is a verdict later, not an exception.</summary>
    /// <param name="settings">What every scan has in common.</param>
    /// <param name="parts">Some of dependencies, secrets and configuration.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProblemsException">A VEX document cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<SourceScan> RunAsync(ScanSettings settings, IReadOnlyCollection<ScanPart> parts, CancellationToken cancellationToken = default)
    {
        var judge = new FindingJudge(settings.Policy, VexStatements.Load(settings.Root, settings.Policy.Vex), settings.Today);
        var work = settings.TemporaryDirectory / $"scan-{Guid.NewGuid():N}";
        try
        {
            var (trivy, explanation) = await Trivy.FindAsync(settings, work, cancellationToken);
            if (trivy is null)
                return new SourceScan(settings, judge, null, null, null, (VerdictOutcome.NotDone, NotDone(explanation)));
            var tree = await StagedTree.OfSourcesAsync(settings.Processes, settings.Root, work / "tree", cancellationToken);
            var canaries = Canaries.Plant(tree.Root);
            settings.Log($"Trivy looks at {tree.Files.Length} files for {string.Join(", ", parts.Order().Select(Words))} …");
            var run = await trivy.DirectoryAsync(tree.Root, [.. parts.Order()], canaries.Directory, cancellationToken);
            var scan = new SourceScan(settings, judge, run, tree, canaries, null);
            // The copy is gone afterwards.
            scan.Configuration = ConfigurationFiles.In(tree, Globs.Compile(settings.Policy.ConfigurationSkip));
            scan._configurationSkipped = settings.Policy.ConfigurationSkip.IsEmpty ? 0 : ConfigurationFiles.In(tree, _ => false).Count - scan.Configuration.Count;
            return scan;
        }
        catch (ToolIntegrityException exception)
        {
            return new SourceScan(settings, judge, null, null, null, (VerdictOutcome.Failed, $"{exception.Message} {exception.Remedy}"));
        }
        finally
        {
            work.DeleteDirectory();
        }
    }

    ConfigurationFiles Configuration { get; set; } = new([], [], []);

    /// <summary>The verdict of one part.</summary>
    /// <param name="part">One of those that were looked for.</param>
    /// <param name="restored">For dependencies: what restore resolved. Null where there is no restore: then no NuGet package need be seen.</param>
    public PartResult Judge(ScanPart part, RestoredPackages? restored = null)
    {
        var kind = ScanKinds.Of(part);
        if (_obstacle is not null)
            return new PartResult(new Verdict(kind, _outcome, _obstacle), []);
        if (part == ScanPart.Dependencies && _run!.DatabaseFailure is { } database)
            return new PartResult(new Verdict(kind, VerdictOutcome.Failed, database), []) { Reports = Reports };
        if (_canaries!.Missing(part, _run!.Report!) is { } blind)
            return new PartResult(new Verdict(kind, VerdictOutcome.Failed, blind), []) { Reports = Reports };
        if (_tree!.Failure is { } unread)
            return new PartResult(new Verdict(kind, VerdictOutcome.Failed, unread), []) { Reports = Reports };
        var result = part switch
        {
            ScanPart.Dependencies => JudgeDependencies(kind, restored),
            ScanPart.Secrets => JudgeSecrets(kind),
            _ => JudgeConfiguration(kind),
        };
        return result with
        {
            Reports = Reports,
            Warnings = [.. part == ScanPart.Dependencies ? _run!.Warnings.Concat(_judge.Vex.Warnings) : [], .. PlantedFiles(part), .. result.Warnings],
        };
    }

    ImmutableSortedDictionary<string, string> Reports => _run?.Json is { } json
        ? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("sources", json)
        : ImmutableSortedDictionary<string, string>.Empty;

    IEnumerable<TrivyReport.Result> Results(string type) => _run!.Report!.Results.Where(x => x.Class == type && StagedTree.PathOf(x.Target) is not null);

    static IEnumerable<Finding> FindingsOf(IEnumerable<TrivyReport.Result> results) =>
        results.SelectMany(x => x.Findings).Select(x => x with { File = StagedTree.PathOf(x.File) ?? x.File });

    PartResult JudgeDependencies(string kind, RestoredPackages? restored)
    {
        var files = Results("lang-pkgs").ToList();
        var nuget = files.Where(x => x.Type is "nuget" or "dotnet-core" or "packages-config").ToList();
        var packages = nuget.SelectMany(x => x.Packages).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var others = files.Where(x => !nuget.Contains(x) && x.Type != "packages-props").ToList();
        var othersSeen = others.Count == 0 ? "" : $" and {others.SelectMany(x => x.Packages).Distinct(StringComparer.OrdinalIgnoreCase).Count()} packages of other ecosystems in {others.Count} files";
        var seen = $"{packages} NuGet packages in {nuget.Count} files{(restored is null ? "" : $" (restore resolved {restored.Packages} in {restored.Projects} projects)")}{othersSeen}";
        List<string> failures = [];
        const string LockFiles = "set RestorePackagesWithLockFile to true in Directory.Build.props, restore, and commit the lock files";
        // By files and not by packages: Trivy leaves out some packages of a lock file that it reads.
        if (restored is { Packages: > 0 } && packages == 0)
            failures.Add($"Trivy saw no NuGet package, but restore resolved {restored.Packages}: it reads packages.lock.json, so {LockFiles}.");
        else if (restored is not null && nuget.Count < restored.Projects)
            failures.Add($"Trivy saw the package files of {nuget.Count} of {restored.Projects} projects only. Every project needs a packages.lock.json: {LockFiles}.");
        else if (restored is not null && UnseenOf(restored.LockFiles, nuget) is { Count: > 0 } unseen)
            failures.Add($"Trivy did not see {Named(unseen)}, the package {(unseen.Count == 1 ? "file of a project that resolved" : "files of projects that resolved")} packages; other files do not stand in for it: {LockFiles}.");
        failures.AddRange(restored is null ? [] : restored.Differences.Select(x => $"{x.TrimEnd('.')}. What was scanned is not what is built: restore again, and commit the lock file."));
        return _judge.Judge(kind, seen, FindingsOf(files), failures);
    }

    List<string> UnseenOf(ImmutableArray<AbsolutePath> lockFiles, List<TrivyReport.Result> nuget)
    {
        var seen = nuget.Select(x => StagedTree.PathOf(x.Target)).ToHashSet(StringComparer.Ordinal);
        return [.. lockFiles.Select(_settings.Root.GetUnixRelativePathTo).Where(x => !seen.Contains(x)).Distinct(StringComparer.Ordinal)];
    }

    PartResult JudgeSecrets(string kind)
    {
        var skip = Globs.Compile(_settings.Policy.SecretsSkip);
        var found = FindingsOf(Results("secret")).ToLookup(x => skip(x.File));
        var skipped = _tree!.Files.Count(skip);
        var looked = _tree.Files.Length - skipped;
        string[] failures = looked > 0 ? []
            : skipped > 0 ? [$"All {skipped} files are in 'secrets.skip' of {SecurityPolicyReader.FileName}, so none was looked at. Skip less."]
            : ["There is no file in the repository to look at."];
        var result = _judge.Judge(kind, $"{looked} files looked through for secrets{Skipped(skipped, "secrets.skip")}", found[false], failures);
        return result with { Findings = [.. result.Findings, .. found[true].Select(x => x.Printable() with { State = FindingState.Excepted, Because = $"the file is in 'secrets.skip' of {SecurityPolicyReader.FileName}" })] };
    }

    PartResult JudgeConfiguration(string kind)
    {
        var skip = Globs.Compile(_settings.Policy.ConfigurationSkip);
        var found = FindingsOf(Results("config")).ToLookup(x => skip(x.File));
        var missed = Configuration.NotIn(_run!.Report!);
        var skipped = _configurationSkipped;
        string[] failures = Configuration.Count == 0 && skipped > 0
            ? [$"All {skipped} Dockerfiles, Kubernetes manifests and Terraform files are in 'configuration.skip' of {SecurityPolicyReader.FileName}, so none was looked at. Skip less."]
            : missed.Count == 0 ? []
            : [$"Trivy did not look at {Named(missed)}. Mend what makes them unreadable, or name them in 'configuration.skip' of {SecurityPolicyReader.FileName}."];
        var seen = (Configuration.Count == 0 ? "no Dockerfile, Kubernetes manifest or Terraform file to look at" : Configuration.Summary) + Skipped(skipped, "configuration.skip");
        var result = _judge.Judge(kind, seen, found[false], failures);
        return result with
        {
            Findings = [.. result.Findings, .. found[true].Select(x => x.Printable() with { State = FindingState.Excepted, Because = $"the file is in 'configuration.skip' of {SecurityPolicyReader.FileName}" })],
            Warnings = _tree!.InlineIgnores.IsEmpty
                ? []
                : [$"Comments that tell Trivy to pass over a finding do not count, because they have no owner and no end: {Printable.Line(string.Join(", ", _tree.InlineIgnores.Take(5)))}. Write an exception in {SecurityPolicyReader.FileName} instead."],
        };
    }

    static string Skipped(int count, string key) => count == 0 ? "" : $" ({count} more skipped by '{key}')";

    static string Named(IReadOnlyList<string> files) => $"{string.Join(", ", files.Take(5))}{(files.Count > 5 ? $" and {files.Count - 5} more" : "")}";

    IEnumerable<string> PlantedFiles(ScanPart part)
    {
        string[] names = part switch
        {
            ScanPart.Secrets => ["trivy-secret.yaml"],
            ScanPart.Dependencies => ["trivy.yaml", "trivy.yml", ".trivyignore", ".trivyignore.yaml", ".trivyignore.yml"],
            _ => [],
        };
        return _tree!.Files.Where(names.Contains).Select(x => $"'{x}' does not count here: what may pass is said in {SecurityPolicyReader.FileName}, with a reason, an owner and an end.");
    }

    internal static string NotDone(string explanation) =>
        $"There is no Trivy, so nothing was looked at: {explanation} Install it (https://trivy.dev/latest/getting-started/installation/), or pin it in {ToolsLockReader.FileName}.";

    static string Words(ScanPart part) => part switch
    {
        ScanPart.Dependencies => "vulnerable packages",
        ScanPart.Secrets => "secrets",
        _ => "mistakes in configuration files",
    };
}
