namespace Fairlead.Versioning;

/// <summary>The release branches that exist, for branches that track them: the next version is after theirs (reference/version-sources).</summary>
static class TrackReleaseBranches
{
    public static IEnumerable<BaseVersion> Find(CalculationContext context, EffectiveBranch effective)
    {
        if (!effective.Settings.TracksReleaseBranches)
            yield break;
        var label = context.LabelOf(effective.Settings);
        foreach (var release in context.Repository.ReleaseBranches)
        {
            var own = new EffectiveBranch(release, context.Branches.SettingsOf(release.Name));
            foreach (var found in VersionInBranchName.Find(context, own))
            {
                var source = context.Repository.FindBranchPointNearby(release.Tip, context.Branch.Tip);
                var reason = context.Raises.Since(source, effective.Settings, label);
                yield return new BaseVersion(
                    VersionStrategies.TrackReleaseBranches, $"release branch '{release.Name}'", found.Version, source, new RaiseStep(reason.Raise, label))
                { Reason = reason };
            }
        }
    }
}
