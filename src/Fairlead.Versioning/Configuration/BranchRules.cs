using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>What GitVersion demands of branches, and does with them, once file and workflow are one (its documentation, "Configuration", "Branch configuration").</summary>
static class BranchRules
{
    const string Unknown = "unknown";

    /// <summary>Reports branches that cannot be told from others, and keys of branches that are not there.</summary>
    public static void Check(VersioningConfiguration configuration, YamlMap file, FileReading reading)
    {
        if (file.Find("branches")?.Value is not YamlMap branches)
            return;
        var known = configuration.Branches.Select(x => x.Key).ToList();
        foreach (var (name, value) in branches.Entries)
        {
            var keys = value as YamlMap;
            var regex = keys?.Find("regex");
            var workflowHasIt = Workflows.Named(configuration.Workflow).Branches.Any(x => x.Key == name.Text);
            if (regex is null ? !workflowHasIt : regex.Value.IsNull)
                reading.Report(name, $"The branch '{name.Text}' has no 'regex', so nobody knows which branches it is about.", Remedy(name.Text, known));
            foreach (var key in (string[])["source-branches", "is-source-branch-for"])
            {
                foreach (var item in (keys?.Find(key)?.Value as YamlList)?.Items.OfType<YamlScalar>().Where(x => !known.Contains(x.Text)) ?? [])
                {
                    reading.Report(
                        item,
                        $"'{key}' names the branch '{item.Text}', which is not configured.",
                        Suggestion.Sentence(item.Text, known) ?? $"The branches are: {string.Join(", ", known)}.");
                }
            }
        }
    }

    /// <summary>Writes what <c>is-source-branch-for</c> says into the <c>source-branches</c> of those that it names.</summary>
    public static ImmutableArray<KeyValuePair<string, BranchConfiguration>> WithSourcesTurnedRound(ImmutableArray<KeyValuePair<string, BranchConfiguration>> branches)
    {
        var turned = branches
            .SelectMany(x => (x.Value.IsSourceBranchFor ?? []).Select(target => (Source: x.Key, Target: target)))
            .ToLookup(x => x.Target, x => x.Source);
        return
        [
            .. branches.Select(x => KeyValuePair.Create(x.Key, x.Value with { SourceBranches = [.. (x.Value.SourceBranches ?? []).Concat(turned[x.Key]).Distinct()] })),
        ];
    }

    /// <summary>As they are, but <c>unknown</c> last: it is for what nothing else matches.</summary>
    public static ImmutableArray<KeyValuePair<string, BranchConfiguration>> InOrderOfTries(ImmutableArray<KeyValuePair<string, BranchConfiguration>> branches) =>
        [.. branches.Where(x => x.Key != Unknown), .. branches.Where(x => x.Key == Unknown)];

    static string Remedy(string name, List<string> known)
    {
        var others = known.Where(x => x != name);
        var meant = Suggestion.Closest(name, others) is { } closest ? $" Or did you mean '{closest}'?" : "";
        return $"Write, for instance, regex: '^{name}[/-](?<BranchName>.+)'.{meant}";
    }
}
