using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads <c>analysis</c>: how stages are judged, and metrics of the user's own.</summary>
sealed class AnalysisReader
{
    readonly SortedDictionary<string, Metric> _own = new(StringComparer.Ordinal);
    readonly List<Criterion> _limits = [];

    /// <summary>All metrics that can be named; after <see cref="Read"/>.</summary>
    public MetricNames Metrics => new(_own);

    /// <summary>The limits of the user's own metrics, which hold all the time; after <see cref="Read"/>.</summary>
    public IReadOnlyList<Criterion> Limits => _limits;

    public AnalysisSpec Read(MapReader environment)
    {
        var defaults = new AnalysisSpec();
        if (environment.Section("analysis", EnvironmentKeys.Analysis) is not { } reader)
            return defaults;
        if (reader.Section("metrics", EnvironmentKeys.AnalysisMetrics) is { } metrics)
        {
            foreach (var (key, value) in metrics.Entries())
                ReadMetric(metrics, key, value);
        }

        return defaults with
        {
            Interval = reader.Duration("interval", orZero: false) ?? defaults.Interval,
            MinimumSamples = reader.Count("min_samples", 1_000_000) ?? defaults.MinimumSamples,
            HoldLimit = reader.Duration("hold", orZero: true) ?? defaults.HoldLimit,
            Inconclusive = reader.Choice<InconclusiveAction>("inconclusive", ("rollback", InconclusiveAction.Rollback), ("promote", InconclusiveAction.Promote)) ?? defaults.Inconclusive,
            Comparisons = reader.Section("compare", EnvironmentKeys.Comparisons) is { } compare ? ReadComparisons(compare) : [],
        };
    }

    void ReadMetric(MapReader metrics, YamlScalar key, YamlNode value)
    {
        if (MetricNames.IsBuiltIn(key.Text))
            metrics.Report($"'{key.Text}' of {metrics.Owner} is measured by the platform already.", key.Where, "Give your own metric another name.");
        if (value is not YamlMap map)
        {
            metrics.Report($"The metric '{key.Text}' of {metrics.Owner} must be a mapping with 'prometheus' or 'command', not a {MapReader.Kind(value)}.", value.Where);
            return;
        }

        var reader = metrics.Inner(map, EnvironmentKeys.AnalysisMetric, $"metric '{key.Text}' of {metrics.Scope.Owner}", $"{metrics.Path}{key.Text}.");
        var command = reader.Command("command");
        var prometheus = reader.Section("prometheus", EnvironmentKeys.PrometheusQuery);
        if (reader.Has("command") == reader.Has("prometheus"))
            reader.Report($"The metric '{key.Text}' of {metrics.Scope.Owner} must have either 'prometheus' or 'command'.", key.Where);
        Metric? metric = null;
        if (!command.IsEmpty)
            metric = new Metric.Command(key.Text, command);
        else if (prometheus is not null)
            metric = ReadPrometheus(prometheus, key.Text);

        // What cannot be read is still a name, so that its criteria are not mistakes as well.
        _own[key.Text] = metric ?? new Metric.Command(key.Text, ["false"]);
        if (reader.Scalar("limit", "a limit like \"<5\"") is { } scalar && CriteriaReader.LimitOf(reader, "limit", scalar, _own[key.Text], isTrigger: false) is { } limit)
            _limits.Add(new Criterion(_own[key.Text], limit));
    }

    static Metric.Prometheus? ReadPrometheus(MapReader reader, string name)
    {
        var query = reader.Text("query");
        var server = reader.Scalar("server", "the server's address");
        foreach (var missing in (string[])["server", "query"])
        {
            if (!reader.Has(missing))
                reader.Report($"{ReadingScope.Capital(reader.Owner)} has no '{missing}'.", reader.Where, "Write for instance '{ server: http://127.0.0.1:9090, query: up }'.");
        }

        if (server is null || query is null)
            return null;
        if (Uri.TryCreate(server.Text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0)
            return new Metric.Prometheus(name, address, query);
        reader.Report($"'server' of {reader.Owner} must be an http or https address without a password.", server.Where);
        return null;
    }

    ImmutableArray<Criterion> ReadComparisons(MapReader reader)
    {
        var comparisons = ImmutableArray.CreateBuilder<Criterion>();
        foreach (var (key, value) in reader.Entries())
        {
            if (Metrics.Find(key.Text) is not { } metric)
                reader.Report($"Nobody measures '{key.Text}' of {reader.Owner}.", key.Where, Metrics.Hint(key.Text));
            else if (metric is Metric.HealthFailures)
                reader.Report($"'{key.Text}' of {reader.Owner} cannot be compared: a healthy baseline has none.", key.Where, "Write it under 'rollback: triggers:'.");
            else if (value is not YamlScalar scalar || LimitText.ParseDegradation(scalar.Text, out _) is not { } share)
                reader.Report($"'{key.Text}' of {reader.Owner} must be a percentage like 20%: how much worse than the baseline it may be.", value.Where);
            else
                comparisons.Add(new Criterion(metric, null, share));
        }

        return comparisons.ToImmutable();
    }
}
