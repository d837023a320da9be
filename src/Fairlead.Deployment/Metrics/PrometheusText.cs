using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Fairlead.Deployment;

/// <summary>Prometheus' text format, version 0.0.4 ("Exposition formats").</summary>
public static class PrometheusText
{
    /// <summary>What a server says that serves it.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The metrics as text, ended with a line feed.</summary>
    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families.Where(x => !x.Samples.IsEmpty))
        {
            text.Append($"# HELP {family.Name} {family.Help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n# TYPE {family.Name} {family.Type}\n");
            foreach (var sample in family.Samples)
            {
                if (family.Type != "histogram")
                {
                    Line(family.Name, sample.Labels, sample.Value);
                    continue;
                }

                foreach (var (bound, count) in sample.Buckets)
                    Line($"{family.Name}_bucket", sample.Labels.Add(("le", double.IsPositiveInfinity(bound) ? "+Inf" : bound.ToString(CultureInfo.InvariantCulture))), count);
                Line($"{family.Name}_sum", sample.Labels, sample.Value);
                Line($"{family.Name}_count", sample.Labels, sample.Buckets[^1].Count);
            }
        }

        return text.ToString();

        void Line(string name, ImmutableArray<(string Name, string Value)> labels, double value) => text.Append(
            CultureInfo.InvariantCulture, $"{name}{(labels.IsEmpty ? "" : $"{{{string.Join(',', labels.Select(x => $"{x.Name}=\"{Escape(x.Value)}\""))}}}")} {value:R}\n");
    }

    static string Escape(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
