namespace Fairlead.Deployment;

/// <summary>Recreate: the old revision stops before the new one starts. Nothing answers in between.</summary>
static class RecreateShift
{
    public static IEnumerable<RolloutStep> Shift(ServiceMove move)
    {
        var stable = move.Stable!;
        var weights = move.Weights;
        if (weights.Of(stable.Revision.Name) > 0)
        {
            yield return new RolloutStep.Switch(move.Name, weights, TrafficWeights.None, "off");
            weights = TrafficWeights.None;
        }

        if (!move.IsHealthy(move.Revision))
        {
            // Also when none is left: the platform returns when the last process has ended, which an interrupted command has not waited for.
            yield return new RolloutStep.Scale(stable, move.StableVersion, move.ReplicasOf(stable.Revision.Name), 0);
            yield return new RolloutStep.BringUp(move.Target, move.Version, move.Target.Replicas);
            yield return new RolloutStep.AwaitHealthy(move.Revision, move.Target.StartupTimeout);
        }

        if (weights != move.Goal)
            yield return new RolloutStep.Switch(move.Name, weights, move.Goal);
    }
}
