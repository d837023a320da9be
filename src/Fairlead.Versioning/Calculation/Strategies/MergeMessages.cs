namespace Fairlead.Versioning;

/// <summary>The five latest messages of merges of release branches (reference/version-sources, "Merge message").</summary>
static class MergeMessages
{
    const int Latest = 5;

    public static IEnumerable<BaseVersion> Find(CalculationContext context, EffectiveBranch effective)
    {
        if (!effective.Settings.TrackMergeMessage)
            yield break;
        var reader = context.MergeMessages;
        var found = new CommitSet(context.Graph.Count);
        foreach (var commit in context.Graph.Contents.Search(context.Branch.Tip, reader.ReleaseKey, reader.NamesRelease))
        {
            if (context.Graph.TimeOf(commit) <= context.Until && !context.Ignored.Contains(commit))
                found.Add(commit);
        }

        var label = context.LabelOf(effective.Settings);
        int[] latest = [.. context.Repository.Topology.NewestFirst(found).Take(Latest)];
        context.Graph.Contents.Prefetch(latest);
        foreach (var commit in latest)
        {
            var text = context.Graph.Contents.MessageOf(commit);
            if (reader.Read(text) is not { Version: { } version })
                continue;
            var reason = effective.Settings.PreventIncrementOfMergedBranch
                ? new RaiseReason(Raise.None)
                : context.Raises.Since(StartOfMerged(context, commit), effective.Settings, label);
            yield return new BaseVersion(
                VersionStrategies.MergeMessage, $"message '{QuotedText.Of(text)}' of {context.Graph.IdOf(commit)[..7]}", version, null, new RaiseStep(reason.Raise, label))
            { Reason = reason };
        }
    }

    static int? StartOfMerged(CalculationContext context, int commit)
    {
        var parents = context.Graph.ParentsOf(commit);
        return parents.Length < 2 ? commit : MergeBases.Find(context.Repository.Topology, parents[0], parents[1]);
    }
}
