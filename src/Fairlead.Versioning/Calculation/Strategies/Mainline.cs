namespace Fairlead.Versioning;

/// <summary>Commit by commit, for trunk-based development (GitVersion's docs, modes/mainline).</summary>
static class Mainline
{
    public static IEnumerable<BaseVersion> Find(CalculationContext context, EffectiveBranch effective)
    {
        var label = context.LabelOf(effective.Settings);
        var line = new LineReader(context, effective.From, label).Read(context.Branch, context.Branches.LevelOf(context.Branch.Name));
        var steps = new LineSteps();
        var reached = new LineEvaluation(context, label, steps).Evaluate(line);
        yield return reached.AsBase("the commits one by one", steps.Tell(context.Graph));
    }
}
