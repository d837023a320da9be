using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Reads <c>metrics</c>: which metrics about deployments are published, and where.</summary>
static partial class MetricsReader
{
    public static ImmutableArray<DeclaredMetric> Read(MapReader environment, out Uri? address)
    {
        address = null;
        if (environment.Section("metrics", EnvironmentKeys.DeclaredMetrics) is not { } reader)
            return [];
        if (reader.Scalar("listen", "an address like http://127.0.0.1:9464") is { } listen)
        {
            if (Uri.TryCreate(listen.Text, UriKind.Absolute, out var uri) && uri is { Scheme: "http", PathAndQuery: "/", UserInfo: "", IsDefaultPort: false } && (uri.Host == "localhost" || (IPAddress.TryParse(uri.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip))))
                address = uri;
            else
                reader.Report($"'listen' of {reader.Owner} must be an address of this machine alone with a port, but is '{listen.Text}'.", listen.Where, "Write it like 'http://127.0.0.1:9464': whoever reaches it sees the figures, so a proxy decides who that is.");
        }

        var metrics = ImmutableArray.CreateBuilder<DeclaredMetric>();
        foreach (var known in KnownMetric.All)
        {
            if (reader.Section(known.Name, EnvironmentKeys.DeclaredMetric, $"metric '{known.Name}' of {reader.Scope.Owner}") is not { } metric)
                continue;
            if (metric.Choice<int>("type", ("counter", 1), ("gauge", 2), ("histogram", 3)) is { } type && known.Type != Word(type))
                metric.Report($"The {metric.Owner} is a {known.Type}, and no {Word(type)}.", metric.KeyWhere("type"), $"Write 'type: {known.Type}', or leave it out.");
            var labels = metric.Texts("labels", orOne: true, "a list of labels");
            foreach (var label in labels.Where(x => !known.Labels.Contains(x)))
                metric.Report($"The {metric.Owner} cannot have the label '{label}'.", metric.KeyWhere("labels"), Suggestion.Sentence(label, known.Labels) ?? $"It can have: {string.Join(", ", known.Labels)}.");
            var name = metric.Text("name");
            if (name is not null && !Name().IsMatch(name))
                metric.Report($"'{name}' cannot be the name of a metric.", metric.KeyWhere("name"), "Use letters, digits and underscores; the first is no digit.");
            metrics.Add(new DeclaredMetric(known.Name, metric.Text("description"), known.Type, [.. labels.Where(known.Labels.Contains).Distinct(StringComparer.Ordinal)]) { PublishedName = name });
        }

        foreach (var same in metrics.GroupBy(x => x.PublishedName ?? KnownMetric.All.First(y => y.Name == x.Name).PublishedName, StringComparer.Ordinal).Where(x => x.Count() > 1))
            reader.Report($"{string.Join(" and ", same.Select(x => $"'{x.Name}'"))} of {reader.Owner} would both be called '{same.Key}'.", reader.Where, "Give them different names.");
        return metrics.ToImmutable();

        static string Word(int type) => type switch { 2 => "gauge", 3 => "histogram", _ => "counter" };
    }

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
