namespace Fairlead.Versioning;

/// <summary>What has changed in version 6 without any key of the file telling.</summary>
static class MigrationAdvice
{
    /// <summary>What the user of a file for version 5 must look at.</summary>
    public static IEnumerable<MigrationNote> For(YamlMap root)
    {
        var mode = root.Find("mode");
        if (mode is { Value: YamlScalar { Text: var text } } && FormerKeys.Modes.TryGetValue(text, out var now))
        {
            var others = GitFlow.Configuration.Branches
                .Where(x => x.Key is "release" or "feature" or "hotfix" or "pull-request" && x.Value.Mode.ToString() != now && !HasMode(root, x.Key))
                .Select(x => $"{x.Key} ({x.Value.Mode})")
                .ToList();
            if (others.Count > 0)
            {
                yield return Decision(
                    mode.Key.Span.Line,
                    $"The mode at the root held for all branches; now the workflow gives some a mode of their own: {string.Join(", ", others)}. Write 'mode: {now}' below those that shall have it.");
            }
        }
        else if (mode is null)
        {
            yield return Decision(
                0,
                "Without 'mode', version 5 took what is ManualDeployment now; the workflow of version 6 takes ContinuousDelivery on main and support branches: "
                + "1.0.1-46 instead of 1.0.1+46. Write 'mode: ManualDeployment' at the root to keep the former.");
        }

        yield return Decision(0, "Tags and branches with one, two or four numbers (1.2, 1.2.3.4) do not count any more. Write 'semantic-version-format: Loose' if there are some.");
    }

    static bool HasMode(YamlMap root, string branch) =>
        ((root.Find("branches")?.Value as YamlMap)?.Find(branch)?.Value as YamlMap)?.Find("mode") is not null;

    static MigrationNote Decision(int line, string message) => new(line, message, NeedsDecision: true);
}
