using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>Something about a revision that can be measured.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ErrorRate), "error-rate")]
[JsonDerivedType(typeof(ResponseTime), "response-time")]
[JsonDerivedType(typeof(HealthFailures), "health-failures")]
[JsonDerivedType(typeof(Prometheus), "prometheus")]
[JsonDerivedType(typeof(Command), "command")]
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The metrics are one closed family, read together.")]
public abstract record Metric
{
    Metric()
    {
    }

    /// <summary>Its name in <c>environments.yml</c> and in verdicts: <c>error_rate</c>, <c>response_time</c>, <c>response_time_p99</c>, or the user's own.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>Share of the requests that were answered with 5xx or not at all, 0 to 1; counted by the platform.</summary>
    public sealed record ErrorRate : Metric
    {
        /// <inheritdoc/>
        public override string Name => "error_rate";
    }

    /// <summary>A percentile of the time from a request's arrival to the end of its answer, in seconds; measured by the platform.</summary>
    /// <param name="Percentile">1 to 99; <c>response_time</c> alone is the 95th.</param>
    public sealed record ResponseTime(int Percentile) : Metric
    {
        /// <inheritdoc/>
        public override string Name => Percentile == 95 ? "response_time" : $"response_time_p{Percentile}";
    }

    /// <summary>How many times in a row the platform found the revision not healthy.</summary>
    public sealed record HealthFailures : Metric
    {
        /// <inheritdoc/>
        public override string Name => "health_check_failures";
    }

    /// <summary>The value of a PromQL query, in the query's own unit.</summary>
    /// <param name="Label">The user's name for it.</param>
    /// <param name="Server">The server's address.</param>
    /// <param name="Query">The query; <c>{{revision}}</c>, <c>{{service}}</c>, <c>{{environment}}</c> and <c>{{version}}</c> are replaced.</param>
    public sealed record Prometheus(string Label, Uri Server, string Query) : Metric
    {
        /// <inheritdoc/>
        public override string Name => Label;
    }

    /// <summary>The number that a command prints. It is told the revision by the variables <c>FAIRLEAD_REVISION</c>, <c>FAIRLEAD_SERVICE</c>, <c>FAIRLEAD_ENVIRONMENT</c> and <c>FAIRLEAD_VERSION</c>.</summary>
    /// <param name="Label">The user's name for it.</param>
    /// <param name="Arguments">Program and arguments.</param>
    public sealed record Command(string Label, ImmutableArray<string> Arguments) : Metric
    {
        /// <inheritdoc/>
        public override string Name => Label;
    }
}
