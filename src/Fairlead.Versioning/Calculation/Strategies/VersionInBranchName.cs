namespace Fairlead.Versioning;

/// <summary>The version in the name of a release branch (reference/version-sources).</summary>
static class VersionInBranchName
{
    public static IEnumerable<BaseVersion> Find(CalculationContext context, EffectiveBranch effective)
    {
        if (!effective.Settings.IsReleaseBranch)
            yield break;
        foreach (var name in new[] { context.Branch.Name, effective.From.Name })
        {
            if (context.Versions.ReadBranch(name.Short) is not var (version, rest))
                continue;
            var isPlaceholder = name.Equals(context.Branch.Name) || context.Branches.LevelOf(context.Branch.Name).Settings.Label is null;
            var label = context.Labels.Of(effective.Settings, context.Branch.Name, isPlaceholder ? rest : null);
            yield return new BaseVersion(VersionStrategies.VersionInBranchName, $"name of branch '{name}'", version, null, new RaiseStep(Raise.None, label));
            yield break;
        }
    }
}
