using System.Collections.Immutable;
using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>Reads what surrounds an environment: backups, the network and scaling.</summary>
static class OperationsReader
{
    public static ImmutableArray<RecordKeeping> Records(MapReader environment, string key, KeySection section)
    {
        if (environment.Section(key, section) is not { } reader)
            return [];
        var records = ImmutableArray.CreateBuilder<RecordKeeping>();
        foreach (var name in section.Keys.Select(x => x.Name))
        {
            if (reader.Section(name, EnvironmentKeys.Record) is not { } record)
                continue;
            records.Add(new RecordKeeping
            {
                Name = name,
                Frequency = record.Text("frequency"),
                Retention = record.Parsed<TimeSpan>("retention", "a period like 30d or 1y", Periods.Parse),
                Encryption = record.Bool("encryption") ?? false,
                Compression = record.Bool("compression") ?? false,
                Versioned = record.Bool("versioned") ?? false,
                TamperProof = record.Bool("tamper_proof") ?? false,
                ComplianceMapping = record.Bool("compliance_mapping") ?? false,
            });
        }

        return records.ToImmutable();
    }

    public static ImmutableArray<NetworkRule> Network(MapReader environment)
    {
        if (environment.Section("network_policies", EnvironmentKeys.NetworkPolicies) is not { } reader)
            return [];
        return [.. reader.Items("ingress", EnvironmentKeys.NetworkRule, "rule").Select(x => Rule(x, "from")), .. reader.Items("egress", EnvironmentKeys.NetworkRule, "rule").Select(x => Rule(x, "to"))];

        static NetworkRule Rule(MapReader rule, string peers)
        {
            var other = peers == "from" ? "to" : "from";
            if (rule.Has(other))
                rule.Report($"{ReadingScope.Capital(rule.Owner)} has '{other}'.", rule.KeyWhere(other), $"Write '{peers}'.");
            var ports = ImmutableArray.CreateBuilder<int>();
            foreach (var text in rule.Texts("ports", orOne: true, "a list of ports"))
            {
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535)
                    ports.Add(port);
                else
                    rule.Report($"'{text}' of {rule.Owner} is no port.", rule.KeyWhere("ports"), "Write numbers from 1 to 65535.");
            }

            return new NetworkRule(peers == "from", rule.Texts(peers, orOne: true, "a list of names"), ports.ToImmutable());
        }
    }

    public static PerformanceSpec Performance(MapReader environment, out TimeSpan? readinessTimeout, out ResourceLimits? limits)
    {
        readinessTimeout = null;
        limits = null;
        var performance = new PerformanceSpec();
        if (environment.Section("performance", EnvironmentKeys.Performance) is not { } reader)
            return performance;
        readinessTimeout = reader.Duration("readiness_timeout", orZero: false);
        limits = ServiceReader.ReadResources(reader, "resource_limits");
        performance = performance with { ParallelDeployments = reader.Bool("parallel_deployments"), MaximumConcurrentPods = reader.Count("max_concurrent_pods", 1000) };
        return reader.Section("autoscaling", EnvironmentKeys.Autoscaling) is not { } scaling
            ? performance
            : performance with
            {
                MinimumReplicas = scaling.Count("min_replicas", 1000),
                MaximumReplicas = scaling.Count("max_replicas", 1000),
                TargetCpu = scaling.Count("target_cpu", 100),
                TargetMemory = scaling.Count("target_memory", 100),
            };
    }
}
