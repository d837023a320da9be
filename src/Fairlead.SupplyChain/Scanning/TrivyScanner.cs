using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// Scans sources and dependencies with Trivy, when it is on the PATH. The gate closes on findings that are high or critical, and on a scan
/// that cannot have seen what it was for: without a vulnerability database, over no package file, or with a report that cannot be read.
/// </summary>
/// <param name="processes">Starts Trivy.</param>
public sealed partial class TrivyScanner(IProcessRunner processes)
{
    const int FindingsNamed = 5;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The command, in options that 0.44 and the current releases both take. It exits with 0 whatever it finds: the gate is here.</summary>
    public static ToolCommand Command(AbsolutePath directory) => new(
        "trivy", ["fs", "--scanners", "vuln,secret", "--format", "json", "--list-all-pkgs", "--no-progress", "--exit-code", "0", "."])
    {
        WorkingDirectory = directory,
        Timeout = Limit,
    };

    /// <summary>Scans. A scanner that is missing or fails is a verdict, not an exception.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ScanResult> ScanAsync(ScanRequest request, CancellationToken cancellationToken = default)
    {
        if (!request.Directory.DirectoryExists())
            return Result(VerdictOutcome.Failed, $"The directory to scan, '{request.Directory}', is not there.");
        string json;
        try
        {
            json = (await processes.RunAsync(Command(request.Directory), cancellationToken: cancellationToken)).StandardOutput;
        }
        catch (ToolNotFoundException)
        {
            return Result(
                VerdictOutcome.NotDone,
                "Trivy is not on the PATH, so neither vulnerable packages nor secrets were looked for. Install it: https://trivy.dev/latest/getting-started/installation/");
        }
        catch (ProcessFailedException failure)
        {
            return Result(VerdictOutcome.Failed, Explain(failure));
        }

        try
        {
            return Judge(TrivyReport.Parse(json), request);
        }
        catch (JsonException exception)
        {
            return Result(VerdictOutcome.Failed, $"The report of Trivy cannot be read: {exception.Message}");
        }
    }

    static ScanResult Judge(TrivyReport report, ScanRequest request)
    {
        var resolvedPackages = request.ResolvedPackages;
        List<string> failures = [];
        var seen = $"{report.NuGetPackages} packages in {report.NuGetFiles} files (restore resolved {resolvedPackages})";
        // One advisory often shows in many files: it is one thing to mend.
        var grave = report.Findings.Where(x => x.Severity >= Severity.High).GroupBy(x => (x.Id, x.Title)).ToList();
        if (grave.Count > 0)
        {
            var named = string.Join("; ", grave.Take(FindingsNamed).Select(Describe));
            var more = grave.Count > FindingsNamed ? $"; and {grave.Count - FindingsNamed} more" : "";
            failures.Add($"Trivy found {grave.Count} high or critical in {seen}: {named}{more}.");
        }

        // By files and not by packages: Trivy leaves out some packages of a lock file that it reads.
        if (report.NuGetPackages > 0 && report.NuGetFiles < request.Projects)
        {
            failures.Add($"Trivy saw the package files of {report.NuGetFiles} of {request.Projects} projects only. "
                + "Every project needs a packages.lock.json: set RestorePackagesWithLockFile to true in Directory.Build.props, restore, and commit the lock files.");
        }
        else if (resolvedPackages > 0 && report.NuGetPackages == 0)
        {
            failures.Add($"Trivy saw no NuGet package, but restore resolved {resolvedPackages}: it reads packages.lock.json. "
                + "Set RestorePackagesWithLockFile to true in Directory.Build.props, restore, and commit the lock files.");
        }

        return failures.Count > 0
            ? Result(VerdictOutcome.Failed, string.Join(' ', failures), report)
            : Result(VerdictOutcome.Passed, $"Trivy looked at {seen} and for secrets: nothing high or critical, {report.Findings.Length} lesser findings.", report);
    }

    static string Describe(IGrouping<(string Id, string Title), Finding> finding)
    {
        var others = finding.Count() > 1 ? $" and {finding.Count() - 1} more" : "";
        return $"{finding.Key.Id} in {finding.First().Where}{others} ({finding.Key.Title})";
    }

    static string Explain(ProcessFailedException failure)
    {
        if (failure.TimedOut)
            return $"Trivy was stopped after {Limit.TotalMinutes:0} minutes.";
        var last = Colours().Replace(failure.Result.StandardError, "").Split('\n').LastOrDefault(x => x.Trim().Length > 0)?.Trim() ?? "it said nothing";
        return last.Contains("DB", StringComparison.Ordinal)
            ? $"Trivy has no vulnerability database and could not get it, so it looked at nothing: {last}"
            : $"Trivy ended with exit code {failure.Result.ExitCode}: {last}";
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m", RegexOptions.NonBacktracking)]
    private static partial Regex Colours();

    static ScanResult Result(VerdictOutcome outcome, string summary, TrivyReport? report = null) =>
        new(new Verdict(VerdictKinds.Scan, outcome, summary), report?.Findings ?? []);
}
