using System.Globalization;
using System.Text;

namespace Fairlead.Agent;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
static class MetricsPage
{
    /// <summary>One revision with what the router and the supervisor know of it.</summary>
    public sealed record Row(RoutedRevision Revision, int Weight, int Healthy, int Replicas);

    /// <param name="rows">What there is for each revision.</param>
    /// <param name="unrouted">By service, the requests for which no revision was there.</param>
    public static string Render(IReadOnlyList<Row> rows, IReadOnlyList<(string Service, RequestMetrics Metrics)> unrouted)
    {
        var text = new StringBuilder();
        Family("fairlead_requests_total", "counter", "Requests answered, by status code; 499 stands for a client that left, no revision for none that could be chosen.", row =>
            row.Revision.Metrics.ByCode.Select(x => ($"code=\"{x.Code}\"", (double)x.Count)));
        foreach (var (service, metrics) in unrouted)
        {
            foreach (var (code, count) in metrics.ByCode)
                text.Append(CultureInfo.InvariantCulture, $"fairlead_requests_total{{service=\"{Escape(service)}\",revision=\"\",code=\"{code}\"}} {count}\n");
        }

        Histogram();
        Family("fairlead_requests_in_flight", "gauge", "Requests being answered now.", row => [("", row.Revision.Gate.Count)]);
        Family("fairlead_requests_cut_total", "counter", "Requests that were cut because the drain timeout was over.", row => [("", row.Revision.Metrics.Cut)]);
        Family("fairlead_upstream_failures_total", "counter", "Attempts on which a replica could not be reached or broke off.", row => [("", row.Revision.Metrics.UpstreamFailures)]);
        Family("fairlead_traffic_weight_ratio", "gauge", "Share of the new requests of the service, from 0 to 1.", row => [("", row.Weight / 100.0)]);
        Family("fairlead_replicas", "gauge", "Replicas that there should be.", row => [("", row.Replicas)]);
        Family("fairlead_replicas_healthy", "gauge", "Replicas that are healthy and ready.", row => [("", row.Healthy)]);
        Family("fairlead_replica_restarts_total", "counter", "Replicas started again after they had ended.", row => [("", row.Revision.Metrics.Restarts)]);
        return text.ToString();

        void Header(string name, string type, string help) => text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

        void Sample(string name, Row row, string labels, double value) => text.Append(
            CultureInfo.InvariantCulture,
            $"{name}{{service=\"{Escape(row.Revision.Service)}\",revision=\"{Escape(row.Revision.Name)}\"{(labels.Length > 0 ? "," : "")}{labels}}} {value}\n");

        void Family(string name, string type, string help, Func<Row, IEnumerable<(string Labels, double Value)>> samples)
        {
            Header(name, type, help);
            foreach (var row in rows)
            {
                foreach (var (labels, value) in samples(row))
                    Sample(name, row, labels, value);
            }
        }

        void Histogram()
        {
            const string Name = "fairlead_request_duration_seconds";
            Header(Name, "histogram", "Time from the arrival of a request to the end of its response.");
            foreach (var row in rows)
            {
                long total = 0;
                for (var i = 0; i < row.Revision.Metrics.Buckets.Count; i++)
                {
                    total += row.Revision.Metrics.Buckets[i];
                    var bound = i < RequestMetrics.Bounds.Count ? RequestMetrics.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                    Sample(Name + "_bucket", row, $"le=\"{bound}\"", total);
                }

                Sample(Name + "_sum", row, "", row.Revision.Metrics.TotalDuration.TotalSeconds);
                Sample(Name + "_count", row, "", total);
            }
        }
    }

    static string Escape(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
