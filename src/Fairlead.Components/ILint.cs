using System.Text.Json;
using Fairlead.Engine;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Static checks, before the tests: <c>dotnet format</c> with its analyzers, and linters of other languages.</summary>
public interface ILint : IRestore, IHazVerdicts
{
    private const int LinesShown = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Linters of other languages. By default none.</summary>
    IEnumerable<Linter> Linters => [];

    /// <summary>
    /// What <c>dotnet format</c> looks at. By default everything that it knows: whitespace, code style, and the analyzers at the severity of warnings. Where compiling enforces style and analyzers already (warnings as errors),
    /// <see cref="FormatScope.Whitespace"/> says the same in a fraction of the time.
    /// </summary>
    FormatScope FormatScope => FormatScope.Everything;

    /// <summary>Lints.</summary>
    Target Lint => _ => _
        .Description("Checks format, analyzers, and other languages' linters")
        .DependsOn(Restore)
        .Before<ITest>(x => x.Test)
        .Executes(async cancellationToken =>
        {
            Forget(VerdictKinds.Lint);
            List<Verdict> parts = [];
            if (FormatScope != FormatScope.Nothing)
                parts.Add(await CheckFormatAsync(cancellationToken));
            foreach (var linter in Linters)
                parts.Add(await RunAsync(linter, cancellationToken));
            var whole = Verdict.Of(VerdictKinds.Lint, parts);
            Report(whole.Outcome == VerdictOutcome.Passed ? whole with { Summary = $"{string.Join(", ", parts.Select(x => x.Kind["lint.".Length..]))}: nothing to change." } : whole, "Lint");
        });

    private async Task<Verdict> CheckFormatAsync(CancellationToken cancellationToken)
    {
        const string Kind = "lint.format";
        var report = TemporaryDirectory / "format";
        report.CreateOrCleanDirectory();
        string[] what = FormatScope == FormatScope.Whitespace ? ["format", "whitespace"] : ["format"];
        var result = await Context.RunAsync(
            ToolCommand.Of("dotnet", [.. what, Solution.Path, "--no-restore", "--verify-no-changes", "--verbosity", "detailed", "--report", report]).WithEnvironment("DOTNET_CLI_UI_LANGUAGE", "en") with { SuccessExitCodes = [], Timeout = Limit },
            logOutput: false);
        var file = report / "format-report.json";
        if (!file.FileExists() || FormatReport.FilesLookedAt(result.StandardOutput) is not { } files)
            return new Verdict(Kind, VerdictOutcome.Failed, $"'dotnet format' ended with exit code {result.ExitCode} and without a report: {LastLine(result)}");
        try
        {
            var changes = FormatReport.Read(file.ReadAllText(), RootDirectory);
            foreach (var change in changes.Take(LinesShown))
                Context.Write(LogLevel.Error, change);
            return changes.Count > 0 ? new Verdict(Kind, VerdictOutcome.Failed, $"{changes.Count} places in {files} files are not as 'dotnet format' would have them: {string.Join("; ", changes.Take(3))}{(changes.Count > 3 ? " …" : "")}. Run 'dotnet format'.")
                : files == 0 ? new Verdict(Kind, VerdictOutcome.Failed, "'dotnet format' looked at no file at all.")
                : result.ExitCode != 0 ? new Verdict(Kind, VerdictOutcome.Failed, $"'dotnet format' ended with exit code {result.ExitCode}: {LastLine(result)}")
                : new Verdict(Kind, VerdictOutcome.Passed, $"'dotnet format' would change nothing in {files} files.");
        }
        catch (JsonException exception)
        {
            return new Verdict(Kind, VerdictOutcome.Failed, $"The report of 'dotnet format' cannot be read: {exception.Message}");
        }
    }

    private static string LastLine(ProcessResult result) => result.Lines.Select(x => x.Text.Trim()).LastOrDefault(x => x.Length > 0) ?? "it said nothing";

    private async Task<Verdict> RunAsync(Linter linter, CancellationToken cancellationToken)
    {
        var kind = $"lint.{linter.Name}";
        if (!linter.Files.IsEmpty && RootDirectory.GlobFiles([.. linter.Files]).Count == 0)
            return new Verdict(kind, VerdictOutcome.NotDone, $"There is no file for {linter.Name} ({string.Join(", ", linter.Files)}).");
        try
        {
            var command = linter.Command with { SuccessExitCodes = [], Timeout = linter.Command.Timeout ?? Limit };
            var result = await Context.RunAsync(command);
            return result.ExitCode == 0
                ? new Verdict(kind, VerdictOutcome.Passed, $"{linter.Name} found nothing.")
                : new Verdict(kind, VerdictOutcome.Failed, $"{linter.Name} ended with exit code {result.ExitCode}; what it found stands above.");
        }
        catch (ToolNotFoundException)
        {
            return new Verdict(kind, VerdictOutcome.NotDone, $"{linter.Name} was not run: '{linter.Command.Tool}' is not installed.");
        }
        catch (ProcessFailedException failure) when (failure.TimedOut)
        {
            return new Verdict(kind, VerdictOutcome.Failed, $"{linter.Name} was stopped: it took too long.");
        }
    }
}
