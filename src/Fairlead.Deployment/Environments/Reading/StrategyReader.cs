using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Reads a strategy: a word, a mapping with its type, or a section of its own (<c>canary:</c>). The strongest layer that names one
/// decides; what weaker layers say about the same strategy fills it up.
/// </summary>
sealed class StrategyReader(MetricNames metrics)
{
    readonly CriteriaReader _criteria = new(metrics);

    public StrategyReading Read(MapReader service)
    {
        var choices = new List<(string Name, SourceLocation Where, string Word)>();
        var mapping = ReadWord(service, choices);
        foreach (var name in EnvironmentKeys.Strategies.Keys)
        {
            var key = SectionKey(name);
            if (service.Section(key, EnvironmentKeys.Strategies[name]) is { } section && section.Bool("enabled") is not false)
                choices.Add((name, service.KeyWhere(key), key));
        }

        var chosen = Choose(service, choices);
        var reading = new StrategyReading(new StrategySpec.BlueGreen());
        foreach (var name in EnvironmentKeys.Strategies.Keys)
        {
            var map = service.Has(SectionKey(name)) ? service.Node(SectionKey(name)) as YamlMap : null;
            if (name == chosen && mapping is not null)
                map = map is null ? mapping : YamlMerge.Merge(map, mapping);
            if (map is null && name != chosen)
                continue;
            // A section that is not chosen is read as well: its mistakes would else wait for the day on which it is.
            var reader = service.Inner(
                map ?? new YamlMap(service.KeyWhere("strategy"), []),
                EnvironmentKeys.Strategies[name],
                $"'{(service.Has(SectionKey(name)) ? SectionKey(name) : "strategy")}' of {service.Scope.Owner}",
                name == chosen ? $"{service.Path}strategy." : $"{service.Path}{SectionKey(name)}.");
            var read = ReadSection(name, reader, isChosen: name == chosen);
            if (name == chosen)
                reading = read;
        }

        return reading;
    }

    static string SectionKey(string name) => name.Replace('-', '_');

    /// <summary>The strategy that 'strategy' names; gives the mapping's other keys when it is one.</summary>
    static YamlMap? ReadWord(MapReader service, List<(string Name, SourceLocation Where, string Word)> choices)
    {
        var list = $"Supported: {string.Join(", ", EnvironmentKeys.Strategies.Keys)}.";
        switch (service.Node("strategy"))
        {
            case YamlScalar word:
                if (NameOf(word.Text) is { } name)
                    choices.Add((name, service.KeyWhere("strategy"), "strategy"));
                else
                    service.Report($"'{word.Text}' is no strategy ({service.Scope.Owner}).", word.Where, Suggestion.Sentence(word.Text, EnvironmentKeys.Strategies.Keys) ?? list);
                return null;
            case YamlMap map:
                var type = map.Entries.FirstOrDefault(x => x.Key.Text == "type");
                if (type.Value is YamlScalar { IsNull: false } scalar && NameOf(scalar.Text) is { } typed)
                {
                    choices.Add((typed, service.KeyWhere("strategy"), "strategy"));
                    return WithoutType(map);
                }

                if (type.Value is YamlScalar { IsNull: false } wrong)
                    service.Report($"'{wrong.Text}' is no strategy ({service.Scope.Owner}).", wrong.Where, Suggestion.Sentence(wrong.Text, EnvironmentKeys.Strategies.Keys) ?? list);
                else
                    service.Report($"'strategy' of {service.Scope.Owner} does not say which one it is.", map.Where, $"Add 'type:'. {list}");
                return null;
            case YamlList other:
                service.Report($"'strategy' of {service.Scope.Owner} must be one word, or a mapping with 'type', not a {MapReader.Kind(other)}.", other.Where, list);
                return null;
            default:
                return null;
        }
    }

    /// <summary>The keys beside the type; those under Kubernetes' <c>rollingUpdate</c> among them.</summary>
    static YamlMap WithoutType(YamlMap map)
    {
        var rest = map with { Entries = [.. map.Entries.Where(x => x.Key.Text is not "type" && !(x.Key.Text == "rollingUpdate" && x.Value is YamlMap))] };
        return map.Entries.FirstOrDefault(x => x.Key.Text == "rollingUpdate").Value is YamlMap inner ? YamlMerge.Merge(inner, rest) : rest;
    }

    static string? NameOf(string word) => word switch
    {
        "RollingUpdate" => "rolling",
        "Recreate" => "recreate",
        "blue_green" or "feature_flags" => word.Replace('_', '-'),
        _ => EnvironmentKeys.Strategies.ContainsKey(word) ? word : null,
    };

    static string Choose(MapReader service, List<(string Name, SourceLocation Where, string Word)> choices)
    {
        if (choices.Count == 0)
            return "blue-green";
        var strongest = choices.Max(x => service.Scope.Rank(x.Where));
        var equal = choices.Where(x => service.Scope.Rank(x.Where) == strongest).ToList();
        foreach (var other in equal.Skip(1).Where(x => x.Name != equal[0].Name))
        {
            service.Report(
                $"Two strategies at once for {service.Scope.Owner}: {equal[0].Name} by '{equal[0].Word}' in line {equal[0].Where.Line}, and {other.Name} by '{other.Word}'.",
                other.Where,
                $"Write 'enabled: false' into one of them, or name one by 'strategy:' in {(service.Scope.IsDefault(other.Where) ? "each environment" : "one place")}.");
        }

        return equal[0].Name;
    }

    StrategyReading ReadSection(string name, MapReader reader, bool isChosen)
    {
        if (name == "recreate")
            return new StrategyReading(new StrategySpec.Recreate());
        StrategySpec strategy = name switch
        {
            "blue-green" => new StrategySpec.BlueGreen { Stages = ReadStages(reader, name), Fallback = Fallback() },
            "canary" => new StrategySpec.Canary { Stages = ReadStages(reader, name), Sticky = ReadSticky(reader), Fallback = Fallback() },
            "rolling" => ReadRolling(reader),
            _ => new StrategySpec.FeatureFlags
            {
                Flags = reader.Texts("flags", orOne: true, "the name of a flag, or a list of names"),
                File = reader.Text("file"),
                Stages = ReadStages(reader, name),
                Fallback = Fallback(),
            },
        };
        if (isChosen && name is "canary" or "feature-flags" && !reader.Has("stages"))
            reader.Report($"The strategy '{name}' of {reader.Scope.Owner} has no 'stages'.", reader.Where, "Add for instance 'stages: [{ share: 10, duration: 10m }, { share: 50, duration: 10m }]'.");
        if (isChosen && name == "feature-flags" && !reader.Has("flags"))
            reader.Report($"The strategy '{name}' of {reader.Scope.Owner} has no 'flags'.", reader.Where, "Name them: 'flags: [new-checkout]'.");
        var threshold = reader.Parsed<double>("rollback_threshold", "an error rate in percent, more than 0 and at most 100", Percent);
        return new StrategyReading(
            strategy,
            AddressReader.Path(reader, "health_check_endpoint"),
            reader.Duration("health_check_timeout", orZero: false),
            threshold is { } percent ? new Criterion(new Metric.ErrorRate(), new Limit(LimitOperator.LessOrEqual, percent / 100)) : null);

        TimeSpan Fallback() => reader.Duration("fallback", orZero: true) ?? TimeSpan.Zero;
    }

    static double? Percent(string text) =>
        double.TryParse(text.EndsWith('%') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 100 ? number : null;

    StrategySpec.Rolling ReadRolling(MapReader reader)
    {
        var defaults = new StrategySpec.Rolling();
        return defaults with
        {
            BatchSize = Amount(reader, "batch") ?? defaults.BatchSize,
            MaxSurge = Amount(reader, "max_surge") ?? defaults.MaxSurge,
            MaxUnavailable = Amount(reader, "max_unavailable") ?? defaults.MaxUnavailable,
            Pause = reader.Duration("pause", orZero: true) ?? defaults.Pause,
            Criteria = reader.Section("criteria", EnvironmentKeys.Criteria) is { } criteria ? _criteria.Read(criteria, areTriggers: false) : [],
        };
    }

    static ReplicaAmount? Amount(MapReader reader, string key) => reader.Parsed<ReplicaAmount>(key, "a number of replicas like 2, or a share like 25%", text =>
    {
        var isPercentage = text.EndsWith('%');
        return int.TryParse(isPercentage ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= (isPercentage ? 100 : 1000)
            ? new ReplicaAmount(value, isPercentage)
            : null;
    });

    static Affinity? ReadSticky(MapReader reader)
    {
        const string Expected = "cookie:NAME or header:NAME";
        if (reader.Has("sticky") && reader.Node("sticky") is YamlMap)
        {
            var inner = reader.Section("sticky", EnvironmentKeys.Sticky)!;
            var (cookie, header) = (inner.Text("cookie"), inner.Text("header"));
            if (inner.Has("cookie") == inner.Has("header"))
                inner.Report($"'sticky' of {reader.Owner} must have either 'cookie' or 'header'.", inner.Where);
            return (cookie ?? header) is { } name && IsToken(name, inner, cookie is not null ? "cookie" : "header")
                ? new Affinity(cookie is not null ? AffinityKind.Cookie : AffinityKind.Header, name)
                : null;
        }

        if (reader.Scalar("sticky", Expected) is not { } scalar)
            return null;
        var colon = scalar.Text.IndexOf(':', StringComparison.Ordinal);
        AffinityKind? kind = colon < 0 ? null : scalar.Text[..colon] switch
        {
            "cookie" => AffinityKind.Cookie,
            "header" => AffinityKind.Header,
            _ => null,
        };
        if (kind is { } found)
            return IsToken(scalar.Text[(colon + 1)..].Trim(), reader, "sticky") ? new Affinity(found, scalar.Text[(colon + 1)..].Trim()) : null;
        reader.Report($"'sticky' of {reader.Owner} must be {Expected}, but is '{scalar.Text}'.", scalar.Where);
        return null;
    }

    /// <summary>A token of RFC 9110, section 5.6.2, which is what names of headers and cookies are made of.</summary>
    static bool IsToken(string name, MapReader reader, string key)
    {
        if (name.Length > 0 && name.All(x => char.IsAsciiLetterOrDigit(x) || "!#$%&'*+-.^_`|~".Contains(x, StringComparison.Ordinal)))
            return true;
        reader.Report($"'{key}' of {reader.Owner} is not the name of a cookie or header.", reader.KeyWhere(key), "Use letters, digits and hyphens.");
        return false;
    }

    ImmutableArray<StageSpec> ReadStages(MapReader reader, string strategy)
    {
        var stages = ImmutableArray.CreateBuilder<StageSpec>();
        foreach (var stage in reader.Items("stages", EnvironmentKeys.Stage, "stage"))
        {
            var share = stage.Count("share", 100);
            var name = stage.Text("name", "a name");
            var duration = stage.Duration("duration", orZero: true);
            var criteria = stage.Section("criteria", EnvironmentKeys.Criteria) is { } section ? _criteria.Read(section, areTriggers: false) : [];
            var manual = stage.Choice<bool>("promote", ("manual", true), ("auto", false));
            if (!stage.Has("share"))
                stage.Report($"{ReadingScope.Capital(stage.Owner)} has no 'share'.", stage.Where, "Say what percentage of the traffic it gets: 'share: 10'.");
            if (share is { } percent)
            {
                stages.Add(new StageSpec
                {
                    Name = name ?? $"{strategy}-{percent}",
                    Share = percent,
                    Duration = duration ?? TimeSpan.Zero,
                    Criteria = criteria,
                    ManualPromotion = manual ?? false,
                });
            }
        }

        return stages.ToImmutable();
    }
}
