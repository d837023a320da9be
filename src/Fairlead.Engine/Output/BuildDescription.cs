using System.Collections.Immutable;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fairlead.Engine;

/// <summary>What a build says about itself, as lines.</summary>
static class BuildDescription
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary><c>--list</c>.</summary>
    public static IEnumerable<string> List(TargetGraph graph, IReadOnlyCollection<string> defaults)
    {
        var depths = Depths(graph);
        var rows = graph.Nodes.Where(x => x.Listed).OrderBy(x => depths[x.Name]).ThenBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => (IReadOnlyList<string>)[Name(x), string.Join(", ", graph.DependenciesOf(x.Name)), x.Description ?? ""])
            .Prepend(["Target", "Depends on", ""]);
        return TextTable.Lines([.. rows]).Append("").Append(defaults.Count == 0 ? "No target is the default." : "* runs when no target is named.");

        string Name(TargetNode node) => defaults.Contains(node.Name, StringComparer.Ordinal) ? $"{node.Name} *" : node.Name;
    }

    /// <summary><c>--help</c>.</summary>
    public static IEnumerable<string> Help(
        TargetGraph graph,
        ImmutableArray<ParameterModel> parameters,
        IReadOnlyList<(MethodInfo Method, VerbAttribute Attribute)> verbs,
        IReadOnlyCollection<string> defaults)
    {
        yield return "./build.sh [TARGET…] [SWITCHES]    runs targets with all they depend on";
        yield return "./build.sh :VERB [ARGUMENTS]       works on what is deployed";
        yield return "";
        foreach (var line in List(graph, defaults))
            yield return line;
        if (verbs.Count > 0)
        {
            yield return "";
            yield return "Verbs";
            foreach (var line in TextTable.Lines([.. verbs.Select(x => (IReadOnlyList<string>)[$":{x.Attribute.Name} {x.Attribute.Usage}".TrimEnd(), x.Attribute.Description])], "  "))
                yield return line;
        }

        if (!parameters.IsEmpty)
        {
            yield return "";
            yield return "Parameters of this build";
            foreach (var line in TextTable.Lines([.. parameters.Select(Row)], "  "))
                yield return line;
        }

        yield return "";
        yield return "Switches";
        foreach (var line in TextTable.Lines([.. CommandLineParser.Switches.Select(x => (IReadOnlyList<string>)[$"--{x.Name} {x.Value}".TrimEnd(), x.Description])], "  "))
            yield return line;
        yield return "";
        yield return "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong build, 4 does not compile, 5 refused by a policy, 130/143 stopped.";

        static IReadOnlyList<string> Row(ParameterModel parameter)
        {
            var choices = ParameterConverter.Choices(parameter.Type);
            var notes = new[] { parameter.Attribute.Description, choices.Count > 0 ? $"One of {string.Join(", ", choices)}." : null, parameter.IsRequired ? "Required." : null, parameter.IsSecret ? "Secret." : null };
            return [parameter.Switch, string.Join(' ', notes.Where(x => x is not null).Select(x => x!.EndsWith('.') ? x : x + "."))];
        }
    }

    /// <summary><c>--plan</c>.</summary>
    public static IEnumerable<string> Plan(ExecutionPlan plan, int workers)
    {
        var rows = plan.Targets.Select((x, i) => (IReadOnlyList<string>)
        [
            $"{i + 1}",
            x.Name,
            x.SkipReason is { } reason ? $"skipped: {reason}" : x.Node.HasBody ? "runs" : "collective",
            string.Join(", ", x.Predecessors.Select(e => e.Kind switch { EdgeKind.Dependency => e.Earlier, EdgeKind.Order => $"after {e.Earlier}", _ => $"triggered by {e.Earlier}" })),
        ]).Prepend(["", "Target", "", "Waits for"]);
        foreach (var line in TextTable.Lines([.. rows]))
            yield return line;

        const int Shown = 30;
        var pairs = plan.UnorderedPairs();
        yield return "";
        yield return pairs.Count == 0 ? "The order of all targets is fixed." : $"Nothing orders these; {(workers > 1 ? $"with up to {workers} at once they may overlap" : "they run one after the other")}:";
        foreach (var (first, second) in pairs.Take(Shown))
            yield return $"  {first}, {second}";
        if (pairs.Count > Shown)
            yield return $"  and {pairs.Count - Shown} more pairs ('--plan --json' has all).";
    }

    /// <summary><c>--plan --json</c>; its schema is <c>docs/schemas/plan.schema.json</c>.</summary>
    public static string PlanJson(ExecutionPlan plan) => JsonSerializer.Serialize(
        new
        {
            SchemaVersion = 1,
            Targets = plan.Targets.Select(x => new
            {
                x.Name,
                x.Node.Description,
                x.Invoked,
                Runs = x.SkipReason is null,
                x.SkipReason,
                x.Node.HasBody,
                x.Node.AssuredAfterFailure,
                x.Node.ProceedAfterFailure,
                WaitsFor = x.Predecessors.Select(e => new { Target = e.Earlier, Kind = e.Kind.ToString().ToLowerInvariant() }),
            }),
            Unordered = plan.UnorderedPairs().Select(x => new[] { x.First, x.Second }),
        },
        Json) + "\n";

    /// <summary>The table at the end of a run, what targets reported, and the errors once more.</summary>
    public static IEnumerable<(LogLevel Level, string Line)> Summary(
        ImmutableArray<TargetResult> results, IEnumerable<(string Key, string Value)> reported, TimeSpan total, bool dryRun)
    {
        var rows = results.Where(x => x.Status != TargetStatus.Collective).Select(x => (IReadOnlyList<string>)
        [
            x.Name,
            dryRun && x.Status == TargetStatus.Succeeded ? "would run" : x.Status switch { TargetStatus.NotRun => "not run", var status => status.ToString().ToLowerInvariant() },
            x.Duration > TimeSpan.Zero && !dryRun ? Durations.Show(x.Duration) : "",
            x.Status == TargetStatus.Skipped ? x.Detail ?? "" : "",
        ]);
        foreach (var line in TextTable.Lines([.. rows]))
            yield return (LogLevel.Information, line);
        foreach (var line in TextTable.Lines([.. reported.Select(x => (IReadOnlyList<string>)[x.Key, x.Value])]))
            yield return (LogLevel.Information, line);
        yield return (LogLevel.Information, "");
        foreach (var failed in results.Where(x => x.Status == TargetStatus.Failed))
        {
            foreach (var line in $"{failed.Name}: {failed.Detail}".Split('\n'))
                yield return (LogLevel.Error, line.TrimEnd('\r'));
        }

        var count = results.Count(x => x.Status == TargetStatus.Failed);
        if (count > 0)
            yield return (LogLevel.Error, $"Build failed after {Durations.Show(total)}: {count} {(count == 1 ? "target" : "targets")} failed.");
        else if (results.Any(x => x.Status is TargetStatus.Aborted or TargetStatus.NotRun))
            yield return (LogLevel.Error, $"Build stopped after {Durations.Show(total)}.");
        else
            yield return (LogLevel.Information, dryRun ? "Nothing was run." : $"Build succeeded after {Durations.Show(total)}.");
    }

    /// <summary>How many dependencies deep a target stands. Only for the order of a list: a cycle is reported elsewhere.</summary>
    static Dictionary<string, int> Depths(TargetGraph graph)
    {
        var depths = graph.Nodes.ToDictionary(x => x.Name, _ => 0, StringComparer.Ordinal);
        var changed = true;
        for (var round = 0; changed && round < graph.Nodes.Length; round++)
        {
            changed = false;
            foreach (var edge in graph.Edges.Where(x => x.Kind == EdgeKind.Dependency && depths[x.Later] <= depths[x.Earlier]))
            {
                depths[edge.Later] = depths[edge.Earlier] + 1;
                changed = true;
            }
        }

        return depths;
    }
}
