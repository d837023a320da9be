namespace Fairlead.Versioning;

/// <summary>0.0.0, when no other strategy finds anything (reference/version-sources).</summary>
static class Fallback
{
    public static IEnumerable<BaseVersion> Find(CalculationContext context, EffectiveBranch effective)
    {
        var label = context.LabelOf(effective.Settings);
        var tagged = context.Tags.Of(context.Branch, effective.Settings.TagSources, context.Until).Where(x => x.Tag.Version.Continues(label)).Take(1).ToList();
        int? source = tagged.Count > 0 ? tagged[0].Commit : null;
        var reason = context.Raises.Since(source, effective.Settings, label);
        yield return new BaseVersion(VersionStrategies.Fallback, "no other version was found", LabelledVersion.Zero, source, new RaiseStep(reason.Raise, label)) { Reason = reason };
    }
}
