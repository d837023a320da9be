namespace Fairlead.Versioning;

/// <summary>Version tags in the past of the branch, and elsewhere as far as its settings say, the latest first (reference/version-sources).</summary>
static class TaggedCommit
{
    public static IEnumerable<BaseVersion> Find(CalculationContext context, EffectiveBranch effective)
    {
        var label = context.LabelOf(effective.Settings);
        var tags = context.Tags.Of(context.Branch, effective.Settings.TagSources, context.Until).Select(x => x.Tag).Distinct();

        // A tag under another label is no base, but the version that follows may not be below it.
        LabelledVersion? floor = null;
        var reached = LabelledVersion.Zero;
        foreach (var tag in tags)
        {
            if (!tag.Version.Continues(label))
            {
                if (floor is null || tag.Version.CompareTo(floor) > 0)
                    floor = tag.Version;
                continue;
            }

            var highest = tag.Version.Increment(VersionPart.Major, null, IncrementMode.Force, floor);
            if (highest.CompareCore(reached) >= 0)
            {
                var reason = context.Raises.Since(tag.Commit, effective.Settings, label);
                reached = tag.Version.Increment(reason.Raise.PartOf(tag.Version.Major), null, IncrementMode.Force);
                yield return new BaseVersion(
                    VersionStrategies.TaggedCommit, $"tag '{tag.Name}'", tag.Version, tag.Commit, new RaiseStep(reason.Raise, label, AtLeast: floor))
                { Reason = reason };
            }

            floor = null;
        }
    }
}
