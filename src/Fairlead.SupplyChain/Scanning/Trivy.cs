using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>Runs Trivy, with whatever can go wrong made a sentence.</summary>
/// <param name="settings">What every scan has in common.</param>
/// <param name="command">The command lines.</param>
sealed partial class Trivy(ScanSettings settings, TrivyCommand command)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The directory of its own, where it also leaves its report.</summary>
    public AbsolutePath Work => command.Work;

    /// <summary>Finds Trivy.</summary>
    /// <param name="settings">What every scan has in common.</param>
    /// <param name="work">A directory of its own.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Trivy, or why it is not there.</returns>
    /// <exception cref="ToolIntegrityException">It is there, but is not what is pinned.</exception>
    public static async Task<(Trivy? Trivy, string Explanation)> FindAsync(ScanSettings settings, AbsolutePath work, CancellationToken cancellationToken)
    {
        var tool = await new ToolProvider(settings.Processes, settings.Environment) { MayFetch = settings.MayFetchTools }.ProvideAsync("trivy", settings.Tools, settings.Log, cancellationToken);
        if (tool.Program is not { } program)
            return (null, tool.Explanation);
        var command = new TrivyCommand(program, null, work, TrivyDatabase.CacheDirectory(settings.Environment, settings.TemporaryDirectory / "trivy")).Without([.. settings.Environment.Keys]);
        command.Prepare();
        var version = tool.Version ?? await AskVersionAsync(settings, command, cancellationToken);
        settings.Log(tool.Version is null ? $"Trivy {version} from '{program}'." : tool.Explanation);
        var numbers = VersionNumber().Match(version);
        command = command with { Version = numbers.Success && Version.TryParse(numbers.Value, out var parsed) ? parsed : null };
        return (new Trivy(settings, command), tool.Explanation);
    }

    /// <summary>Scans a directory. Where the database is what fails, the other parts are done all the same.</summary>
    public async Task<TrivyRun> DirectoryAsync(AbsolutePath directory, IReadOnlyCollection<ScanPart> parts, string? canaries, CancellationToken cancellationToken)
    {
        var needsDatabase = parts.Contains(ScanPart.Dependencies);
        var run = await WithDatabaseAsync(skip => command.Directory(directory, parts, skip), needsDatabase, canaries, cancellationToken);
        var others = parts.Where(x => x != ScanPart.Dependencies).ToList();
        if (run.DatabaseFailure is null || run.Report is not null || others.Count == 0)
            return run;
        return await RunAsync(command.Directory(directory, others), canaries, cancellationToken) with { DatabaseFailure = run.DatabaseFailure };
    }

    /// <summary>Scans a directory for what is installed in it.</summary>
    public Task<TrivyRun> InstalledAsync(AbsolutePath directory, string canaries, CancellationToken cancellationToken) =>
        WithDatabaseAsync(skip => command.Installed(directory, skip), needsDatabase: true, canaries, cancellationToken);

    /// <summary>Scans an image.</summary>
    public Task<TrivyRun> ImageAsync(string image, CancellationToken cancellationToken) =>
        WithDatabaseAsync(skip => command.Image(image, skip), needsDatabase: true, null, cancellationToken);

    /// <summary>What the scan before this has seen, as CycloneDX; null, with a sentence for the log, when Trivy does not tell.</summary>
    public async Task<string?> BillAsync(CancellationToken cancellationToken)
    {
        var bill = Work / "bill.cdx.json";
        bill.DeleteFile();
        try
        {
            await settings.Processes.RunAsync(command.Convert(bill), cancellationToken: cancellationToken);
            return bill.FileExists() ? bill.ReadAllText() : null;
        }
        catch (ProcessFailedException failure)
        {
            settings.Log($"Trivy does not write a bill of materials: {(failure.Result.Lines is [.., var last] ? last.Text : "it said nothing")}");
            return null;
        }
    }

    async Task<TrivyRun> WithDatabaseAsync(Func<bool, ToolCommand> make, bool needsDatabase, string? canaries, CancellationToken cancellationToken)
    {
        var run = await RunAsync(make(false), canaries, cancellationToken);
        if (!needsDatabase)
            return run;
        if (run.DatabaseFailure is { } failure && TrivyDatabase.Read(command.Cache).IsYoung(settings.Policy.DatabaseMaxAge, settings.Time.GetUtcNow()))
        {
            run = await RunAsync(make(true), canaries, cancellationToken);
            run = run with { Warnings = [$"The vulnerability database could not be renewed; the one that is here is young enough. ({failure})"] };
        }

        if (run.DatabaseFailure is not null)
            return run;
        return run with { DatabaseFailure = AgeFailure(TrivyDatabase.Read(command.Cache)) };
    }

    string? AgeFailure(TrivyDatabase database)
    {
        var now = settings.Time.GetUtcNow();
        if (database.UpdatedAt is not { } updated)
            return $"Nobody can say how old Trivy's vulnerability database is: '{command.Cache / "db" / "metadata.json"}' is missing or has no 'UpdatedAt'. Delete the directory, and scan again.";
        if (database.IsYoung(settings.Policy.DatabaseMaxAge, now))
            return null;
        if (updated > now)
            return string.Create(CultureInfo.InvariantCulture, $"Trivy's vulnerability database says that it is of {updated.UtcDateTime:yyyy-MM-dd}, which is yet to come, so nobody can say how old it is. Look at the clock of this machine; if it is right, delete '{command.Cache / "db"}', and scan again.");
        return string.Create(CultureInfo.InvariantCulture, $"Trivy's vulnerability database is of {updated.UtcDateTime:yyyy-MM-dd}, {(now - updated).TotalDays:0} days old; ")
            + string.Create(CultureInfo.InvariantCulture, $"{SecurityPolicyReader.FileName} allows {settings.Policy.DatabaseMaxAge.TotalDays:0.#} (database.max_age). Let Trivy renew it ('trivy image --download-db-only'), and scan again.");
    }

    async Task<TrivyRun> RunAsync(ToolCommand call, string? canaries, CancellationToken cancellationToken)
    {
        command.Report.DeleteFile();
        try
        {
            await settings.Processes.RunAsync(call, cancellationToken: cancellationToken);
        }
        catch (ToolNotFoundException)
        {
            return TrivyRun.Failed($"'{call.Tool}' was there and is not any more.");
        }
        catch (ProcessFailedException failure)
        {
            var (text, isDatabase) = Explain(failure);
            return TrivyRun.Failed(text) with { DatabaseFailure = isDatabase ? text : null };
        }

        try
        {
            var json = command.Report.ReadAllText();
            return new TrivyRun(TrivyReport.Parse(json), Clean(json, canaries), null);
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return TrivyRun.Failed($"The report of Trivy cannot be read: {exception.Message}");
        }
    }

    static (string Text, bool IsDatabase) Explain(ProcessFailedException failure)
    {
        if (failure.TimedOut)
            return ($"Trivy was stopped after {TrivyCommand.Limit.TotalMinutes:0} minutes.", false);
        var last = Colours().Replace(failure.Result.StandardError, "").Split('\n').LastOrDefault(x => x.Trim().Length > 0)?.Trim() ?? "it said nothing";
        last = Printable.Line(LogPrefix().Replace(last, ""));
        if (last.Contains("in use by another process", StringComparison.Ordinal))
            return ($"Another Trivy works on the same cache. Scan again when it is done, or give this one a TRIVY_CACHE_DIR of its own. ({last})", false);
        return Database().IsMatch(last)
            ? ($"Trivy has no vulnerability database and could not get it, so no package was judged; it ended at '{last}'. Let it reach the database, or a mirror that TRIVY_DB_REPOSITORY names. Where that cannot be, '--skip Scan ScanDependencies' leaves the scan not done.", true)
            : ($"Trivy ended with exit code {failure.Result.ExitCode}: {last}", false);
    }

    static async Task<string> AskVersionAsync(ScanSettings settings, TrivyCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var result = await settings.Processes.RunAsync(command.AskVersion(), cancellationToken: cancellationToken);
            return Printable.Line(result.StandardOutput.Split('\n')[0]).Replace("Version:", "", StringComparison.Ordinal).Trim();
        }
        catch (ProcessFailedException)
        {
            return "(of unknown version)";
        }
    }

    /// <summary>The report without what may hold a secret, and without what was planted.</summary>
    static string Clean(string json, string? canaries)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        if (root["Results"] is JsonArray results)
        {
            if (canaries is not null)
                results.RemoveAll(x => x?["Target"]?.GetValue<string>().StartsWith(canaries, StringComparison.Ordinal) == true);
        }

        Strip(root);
        return root.ToJsonString(Indented) + "\n";
    }

    /// <summary>Lines of files, what made a layer, and the configuration of an image with its variables: there may be secrets in any of them.</summary>
    static void Strip(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                Strip(item);
        }
        else if (node is JsonObject content)
        {
            foreach (var name in new[] { "Match", "Code", "ImageConfig", "CreatedBy" })
                content.Remove(name);
            foreach (var (_, value) in content)
                Strip(value);
        }
    }

    // "2026-11-21T17:30:46.903Z	INFO	" of Trivy's own log.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[0-9:.]+\S*\s+[A-Z]+\s+", RegexOptions.NonBacktracking)]
    private static partial Regex LogPrefix();

    [GeneratedRegex(@"\x1b\[[0-9;]*m", RegexOptions.NonBacktracking)]
    private static partial Regex Colours();

    [GeneratedRegex(@"\bDB\b|\bdb\b|vulnerability database", RegexOptions.NonBacktracking)]
    private static partial Regex Database();

    [GeneratedRegex(@"\d+\.\d+(?:\.\d+)?", RegexOptions.NonBacktracking)]
    private static partial Regex VersionNumber();
}
