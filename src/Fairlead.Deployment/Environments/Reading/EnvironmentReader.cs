using System.Collections.Immutable;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Reads one environment from its merged layers.</summary>
sealed class EnvironmentReader(MapReader reader, string application, string name)
{
    const string Local = "local";
    static readonly ImmutableArray<string> LaterPlatforms = ["docker", "kubernetes", "ssh", "systemd", "swarm"];
    static readonly ImmutableArray<string> DefaultVerdicts = [VerdictKinds.Tests, VerdictKinds.Scan, VerdictKinds.Sbom, VerdictKinds.Signatures];

    readonly ReadingScope _scope = reader.Scope;

    /// <summary>Places of the served addresses, by service; after <see cref="Read"/>.</summary>
    public Dictionary<string, SourceLocation> AddressPlaces { get; } = new(StringComparer.Ordinal);

    public EnvironmentSpec Read()
    {
        var isProtected = reader.Bool("protected") ?? name == "production";
        var platform = ReadPlatform();
        var required = reader.Text("requires_verified_on", "the name of an environment, or 'none'");
        var analysis = new AnalysisReader();
        var rollback = new RollbackReader(analysis);
        var policy = rollback.Read(reader);
        var approvals = ApprovalsReader.Approvals(reader, out var autoDeploy);
        var performance = OperationsReader.Performance(reader, out var readinessTimeout, out var limits);
        var services = new ServiceReader(new StrategyReader(analysis.Metrics), readinessTimeout, limits);
        var secrets = SecretsReader.Settings(reader);
        var backups = OperationsReader.Records(reader, "backup", EnvironmentKeys.Backup);
        return new EnvironmentSpec
        {
            Application = application,
            Name = name,
            Platform = platform,
            IsProtected = isProtected,
            Verdicts = ReadVerdicts(isProtected),
            RequiresVerifiedOn = required,
            KeptReleases = reader.Count("keep_releases", 1000) ?? 5,
            Branches = reader.Texts("branches", orOne: true, "a branch like main or feature/*, or a list of them"),
            AutoDeploy = autoDeploy,
            Approvals = approvals,
            Bypass = ApprovalsReader.Bypass(reader),
            Acceptance = ApprovalsReader.Acceptance(reader),
            Windows = GatesReader.Windows(reader),
            Checks = GatesReader.Checks(reader),
            Hotfix = GatesReader.Hotfix(reader),
            Database = DatabaseReader.Read(reader, secrets, backups),
            Backups = backups,
            Notifications = NotificationReader.Read(reader, "notifications"),
            RollbackNotifications = rollback.Notifications,
            Secrets = secrets,
            Audit = AuditReader.Records(reader, secrets, out var auditKey),
            AuditKey = auditKey,
            Metrics = MetricsReader.Read(reader, out var metricsAddress),
            MetricsAddress = metricsAddress,
            NetworkPolicies = OperationsReader.Network(reader),
            Performance = performance,
            Services = ReadServices(services),
            // After the services, whose strategies may name triggers too.
            Policy = policy with { Triggers = [.. policy.Triggers, .. services.Triggers] },
        };
    }

    ImmutableArray<ServiceSpec> ReadServices(ServiceReader services)
    {
        if (!reader.Has("services"))
            return [Placed(services.Read(reader, application), reader)];

        // One service's settings beside several services: which one would they be for?
        foreach (var key in reader.Map.Entries.Select(x => x.Key))
        {
            if (EnvironmentKeys.OfOneService.Contains(key.Text) || (EnvironmentKeys.OfEachService.Contains(key.Text) && !_scope.IsDefault(key.Where)))
                reader.Report($"'{key.Text}' stands beside 'services' in {_scope.Owner}.", key.Where, "Move it into the service that it is for.");
        }

        var shared = new YamlMap(reader.Where, [.. reader.Map.Entries.Where(x =>
            EnvironmentKeys.OfAllServices.Contains(x.Key.Text) || (EnvironmentKeys.OfEachService.Contains(x.Key.Text) && _scope.IsDefault(x.Key.Where)))]);
        var specs = ImmutableArray.CreateBuilder<ServiceSpec>();
        if (reader.Section("services", EnvironmentKeys.Services) is { } map)
        {
            foreach (var (key, value) in map.Entries())
            {
                var owner = Layers.Service(key.Text, _scope.Owner);
                if (!EnvironmentsReader.CheckName(key, "service", reader.Report))
                    continue;
                if (value is not YamlMap inner)
                {
                    reader.Report($"{ReadingScope.Capital(owner)} must be a mapping (indented 'key: value' lines), not a {MapReader.Kind(value)}.", value.Where);
                    continue;
                }

                var service = new MapReader(YamlMerge.Merge(shared, inner), EnvironmentKeys.Service, owner, _scope.For(owner), $"services.{key.Text}.");
                specs.Add(Placed(services.Read(service, key.Text), service));
            }

            if (map.Map.Entries.IsEmpty)
                reader.Report($"{ReadingScope.Capital(_scope.Owner)} has no services.", map.Where, "Add one: a name with a 'url:' indented below it.");
        }

        return specs.ToImmutable();
    }

    ServiceSpec Placed(ServiceSpec service, MapReader from)
    {
        if (service.Url is not null)
            AddressPlaces[service.Name] = from.Node(from.Has("listen") ? "listen" : "url")!.Where;
        return service;
    }

    ImmutableSortedDictionary<string, VerdictRequirement> ReadVerdicts(bool isProtected)
    {
        var verdicts = ImmutableSortedDictionary.CreateBuilder<string, VerdictRequirement>(StringComparer.Ordinal);
        foreach (var kind in DefaultVerdicts)
            verdicts[kind] = isProtected ? VerdictRequirement.Required : VerdictRequirement.WhenAvailable;
        if (reader.Section("verdicts", EnvironmentKeys.Verdicts) is not { } map)
            return verdicts.ToImmutable();
        foreach (var (key, value) in map.Entries())
        {
            switch ((value as YamlScalar)?.Text)
            {
                case "required":
                    verdicts[key.Text] = VerdictRequirement.Required;
                    break;
                case "when-available":
                    verdicts[key.Text] = VerdictRequirement.WhenAvailable;
                    break;
                case var other:
                    reader.Report($"The verdict '{key.Text}' of {_scope.Owner} must be 'required' or 'when-available'{(other is null ? "" : $", but is '{other}'")}.", value.Where);
                    break;
            }
        }

        return verdicts.ToImmutable();
    }

    string ReadPlatform()
    {
        const string Supported = $"Supported: {Local}.";
        if (reader.Node("platform") is not { } node || (node as YamlScalar)?.Text is Local)
            return Local;
        if (node is not YamlScalar scalar)
            reader.Report($"'platform' of {_scope.Owner} must be one word, not a {MapReader.Kind(node)}.", node.Where, Supported);
        else if (LaterPlatforms.Contains(scalar.Text))
            reader.Report($"The platform '{scalar.Text}' of {_scope.Owner} is not supported by this version of Fairlead.", node.Where, Supported);
        else
            reader.Report($"'{scalar.Text}' is no platform ({_scope.Owner}).", node.Where, Suggestion.Sentence(scalar.Text, [Local]) ?? Supported);
        return Local;
    }
}
