namespace Fairlead.Deployment;

/// <summary>Compares what is configured, what was deployed, and what runs. Pure. Values of variables are not shown: they may be somebody's business only.</summary>
static class DriftFinder
{
    /// <param name="environment">The environment's name.</param>
    /// <param name="wish">What the live release would be deployed as now; null where it no longer fits.</param>
    /// <param name="live">What was deployed, or null.</param>
    /// <param name="observed">What is there.</param>
    public static Drift Find(string environment, DeploymentTarget? wish, DeploymentTarget? live, PlatformState observed) =>
        new(environment, live?.Release.Version, [.. Configured(wish, live), .. Running(live, observed)]);

    static IEnumerable<DriftDifference> Configured(DeploymentTarget? wish, DeploymentTarget? live)
    {
        if (wish is null || live is null)
            yield break;
        foreach (var name in wish.Services.Select(x => x.Name).Union(live.Services.Select(x => x.Name)))
        {
            var (now, then) = (wish.Find(name), live.Find(name));
            if (now is null || then is null)
            {
                yield return new DriftDifference($"service {name}", now is null ? "not at all" : "to run", now is null ? "it" : "nothing of it", IsConfigured: true);
                continue;
            }

            foreach (var difference in Configured(now, then))
                yield return difference;
        }
    }

    static IEnumerable<DriftDifference> Configured(ServiceTarget now, ServiceTarget then)
    {
        var subject = $"service {now.Name}";
        if (now.Url != then.Url)
            yield return Of("url", now.Url?.ToString() ?? "none", then.Url?.ToString() ?? "none");
        if (now.Replicas != then.Replicas)
            yield return Of("replicas", $"{now.Replicas}", $"{then.Replicas}");
        if (now.ArtifactDigest != then.ArtifactDigest)
            yield return Of("artifact", now.ArtifactDigest, then.ArtifactDigest);
        if (!now.Command.SequenceEqual(then.Command))
            yield return Of("command", "otherwise", "the former one");
        foreach (var variable in now.Variables.Keys.Union(then.Variables.Keys).Where(x => now.Variables.GetValueOrDefault(x) != then.Variables.GetValueOrDefault(x)))
            yield return Of($"variable {variable}", now.Variables.ContainsKey(variable) ? "otherwise" : "not at all", then.Variables.ContainsKey(variable) ? "the former value" : "none");
        foreach (var secret in now.Secrets.Keys.Union(then.Secrets.Keys).Where(x => now.Secrets.GetValueOrDefault(x) != then.Secrets.GetValueOrDefault(x)))
            yield return Of($"secret {secret}", $"{now.Secrets.GetValueOrDefault(secret)?.ToString() ?? "not at all"}", then.Secrets.GetValueOrDefault(secret)?.ToString() ?? "none");
        if (now.Probe != then.Probe)
            yield return Of("health", "otherwise", "the former probe");
        if (now.Resources != then.Resources)
            yield return Of("resources", "otherwise", "the former limits");
        if (now.DrainTimeout != then.DrainTimeout || now.StopGrace != then.StopGrace)
            yield return Of("times to end", "otherwise", "the former ones");

        DriftDifference Of(string what, string wanted, string found) => new($"{subject}, {what}", wanted, found, IsConfigured: true);
    }

    static IEnumerable<DriftDifference> Running(DeploymentTarget? live, PlatformState observed)
    {
        foreach (var service in live?.Services ?? [])
        {
            var revision = service.Revision.Name;
            if (observed.Find(revision) is not { } seen)
            {
                yield return new DriftDifference($"revision {revision}", "there", "not there", IsConfigured: false);
                continue;
            }

            if (seen.Replicas != service.Replicas)
                yield return new DriftDifference($"revision {revision}", $"{service.Replicas} replicas", $"{seen.Replicas}", IsConfigured: false);
            if (seen.Phase != RevisionPhase.Healthy)
                yield return new DriftDifference($"revision {revision}", "healthy", seen.Phase.ToString().ToLowerInvariant(), IsConfigured: false);
            if (observed.WeightsOf(service.Name) is var weights && weights != TrafficWeights.AllTo(revision))
                yield return new DriftDifference($"traffic of {service.Name}", TrafficWeights.AllTo(revision).ToString(), weights.ToString(), IsConfigured: false);
        }

        foreach (var other in observed.Revisions.Where(x => x.RetiresAt is null && live?.Services.Any(service => service.Revision.Name == x.Revision.Name) != true))
            yield return new DriftDifference($"revision {other.Revision.Name}", "not there", $"there, with {other.Replicas} replicas of {other.Version}", IsConfigured: false);
    }
}
