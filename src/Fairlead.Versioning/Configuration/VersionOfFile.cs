using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>For which version of GitVersion a file is written.</summary>
static class VersionOfFile
{
    /// <summary>The problems of a file for version 5: one that says so, and one for each thing that has changed. Empty for other files.</summary>
    public static IEnumerable<Problem> ProblemsOf(string text, YamlMap root, FileReading reading)
    {
        var findings = FormerSyntax.Examine(text, root);
        var signs = findings.Where(x => x.IsSign).ToList();
        if (signs.Count == 0)
            return [];
        var summary = $"{reading.File} is written for GitVersion 5; what is read here is version 6, where {signs.Count} of its entries {(signs.Count == 1 ? "is" : "are")} different.";
        if (findings.Any(x => !x.IsSign && Modes(root).Any(mode => mode.Span == x.Where)) && !FormerSyntax.HasNewerKeys(root))
            summary += " The modes have another meaning: ContinuousDelivery is ManualDeployment now, ContinuousDeployment is ContinuousDelivery.";
        return signs
            .Select(x => new Problem(x.Message, Where: reading.At(x.Where)))
            .Prepend(new Problem(summary, "Run './build.sh :version --migrate': it rewrites the file and keeps its comments.", new SourceLocation(reading.File)));
    }

    /// <summary>Why a file may be meant for version 5 though nothing but the meaning of its modes can tell; null when there is no doubt.</summary>
    public static (TextSpan Span, string Message, string Remedy)? WarningOf(YamlMap root)
    {
        if (FormerSyntax.HasNewerKeys(root) || Modes(root).FirstOrDefault(x => FormerKeys.Modes.ContainsKey(x.Text)) is not { } mode)
            return null;
        return (
            mode.Span,
            $"'mode: {mode.Text}' is taken as GitVersion 6 means it. In a file for version 5 it would be what is {FormerKeys.Modes[mode.Text]} now, "
            + "and nothing else here tells which version it is for.",
            $"Write 'workflow: {Workflows.Default}' at the root if it is for version 6: then this is not asked again. Otherwise write 'mode: {FormerKeys.Modes[mode.Text]}'.");
    }

    /// <summary>The values of all keys <c>mode</c>.</summary>
    public static ImmutableArray<YamlScalar> Modes(YamlMap root)
    {
        var branches = (root.Find("branches")?.Value as YamlMap)?.Entries.Select(x => x.Value).OfType<YamlMap>() ?? [];
        return [.. branches.Prepend(root).Select(x => x.Find("mode")?.Value).OfType<YamlScalar>()];
    }
}
