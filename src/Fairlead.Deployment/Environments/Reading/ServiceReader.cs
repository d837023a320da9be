using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Fairlead.Deployment;

/// <summary>Reads one service, from a mapping into which the environment's and the defaults' settings were merged.</summary>
sealed partial class ServiceReader(StrategyReader strategies, TimeSpan? readinessTimeout, ResourceLimits? resourceLimits)
{
    readonly List<Criterion> _triggers = [];

    /// <summary>What the strategies of the services read so far take a release back for.</summary>
    public IReadOnlyList<Criterion> Triggers => _triggers;

    public ServiceSpec Read(MapReader reader, string name)
    {
        var owner = reader.Scope.Owner;
        var worker = reader.Bool("worker") ?? false;
        var (served, publicUrl) = AddressReader.Read(reader);
        var probe = ReadProbe(reader);
        if (!worker && !reader.Has("url") && !reader.Has("listen"))
            reader.Report($"{ReadingScope.Capital(owner)} has no 'url'.", reader.Where, "Say where clients reach it, for instance 'url: http://127.0.0.1:5080', or write 'worker: true' when it has no HTTP.");
        foreach (var key in ((string[])["url", "listen", "health", "ready"]).Where(x => worker && reader.Has(x) && !reader.Scope.IsDefault(reader.KeyWhere(x))))
            reader.Report($"{ReadingScope.Capital(owner)} is a worker, which has no HTTP, but has '{reader.Word(key)}'.", reader.KeyWhere(key), $"Remove '{reader.Word(key)}' or 'worker: true'.");

        var strategy = strategies.Read(reader);
        if (strategy.Trigger is { } trigger && !_triggers.Contains(trigger))
            _triggers.Add(trigger);
        var defaults = new ServiceSpec { Name = name, Artifact = name };
        return defaults with
        {
            Artifact = reader.Text("artifact", "the name of an artifact") ?? name,
            Url = worker ? null : served,
            PublicUrl = worker ? null : publicUrl,
            Command = reader.Texts("command"),
            Replicas = reader.Count("replicas", 1000) ?? 1,
            Variables = ReadVariables(reader),
            Secrets = SecretsReader.References(reader),
            Resources = ReadResources(reader, "resources") ?? resourceLimits ?? ResourceLimits.None,
            Probe = worker ? null : reader.Has("health") || strategy.HealthPath is null ? probe : probe with { HealthPath = strategy.HealthPath },
            Strategy = strategy.Strategy,
            StartupTimeout = reader.Duration("startup_timeout", orZero: false) ?? strategy.StartupTimeout ?? readinessTimeout ?? defaults.StartupTimeout,
            DrainTimeout = reader.Duration("drain_timeout", orZero: true) ?? defaults.DrainTimeout,
            StopGrace = reader.Duration("stop_grace", orZero: true) ?? defaults.StopGrace,
        };
    }

    public static ResourceLimits? ReadResources(MapReader owner, string key) => owner.Section(key, EnvironmentKeys.Resources) is { } reader
        ? new ResourceLimits(
            reader.Parsed<double>("cpu", "processor cores like 500m or 1.5", Quantities.Cores),
            reader.Parsed<long>("memory", "an amount of memory like 1Gi or 512MB", Quantities.Bytes))
        : null;

    public static bool IsVariable(string name) => VariableName().IsMatch(name);

    static HealthProbe ReadProbe(MapReader reader)
    {
        var probe = new HealthProbe();
        if (reader.Has("health") && reader.Node("health") is YamlMap)
        {
            var health = reader.Section("health", EnvironmentKeys.Health)!;
            probe = probe with
            {
                HealthPath = AddressReader.Path(health, "path") ?? probe.HealthPath,
                Interval = health.Duration("interval", orZero: false) ?? probe.Interval,
                Timeout = health.Duration("timeout", orZero: false) ?? probe.Timeout,
                FailureThreshold = health.Count("failures", 1000) ?? probe.FailureThreshold,
            };
        }
        else
        {
            probe = probe with { HealthPath = AddressReader.Path(reader, "health") ?? probe.HealthPath };
        }

        var ready = reader.Has("ready") && reader.Node("ready") is YamlMap
            ? AddressReader.Path(reader.Section("ready", EnvironmentKeys.Ready)!, "path")
            : AddressReader.Path(reader, "ready");
        return probe with { ReadyPath = ready ?? probe.ReadyPath };
    }

    static ImmutableSortedDictionary<string, string> ReadVariables(MapReader service)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (service.Section("variables", EnvironmentKeys.Variables) is not { } reader)
            return variables.ToImmutable();
        foreach (var (key, value) in reader.Entries())
        {
            if (!IsVariable(key.Text))
                reader.Report($"'{key.Text}' cannot be the name of a variable.", key.Where, "Use letters, digits and underscores; the first is no digit.");
            else if (key.Text is "PORT" or "ASPNETCORE_URLS")
                reader.Report($"The variable {key.Text} is set by the platform, which chooses the port of each replica.", key.Where, "Remove it; clients use 'url'.");
            else if (value is not YamlScalar scalar)
                reader.Report($"The variable {key.Text} must have a single value, not a {MapReader.Kind(value)}.", value.Where);
            else
                variables[key.Text] = scalar.Text;
        }

        return variables.ToImmutable();
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariableName();
}
