using System.Collections.Concurrent;
using Fairlead.Deployment;

namespace Fairlead.Components;

/// <summary>The environments of this run with the rules that hold for them, for those who keep records of them.</summary>
sealed class HeldRules
{
    readonly ConcurrentDictionary<string, EnvironmentSpec> _environments = new(StringComparer.Ordinal);

    public EnvironmentSpec? Find(string environment) => _environments.GetValueOrDefault(environment);

    public EnvironmentSpec Keep(EnvironmentSpec environment) => _environments[environment.Name] = environment;
}
