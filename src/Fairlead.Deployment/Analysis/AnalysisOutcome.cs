using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What is known of a stage.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnalysisOutcome>))]
public enum AnalysisOutcome
{
    /// <summary>Its time is not over, and nothing has failed.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Its time is over, and everything holds.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>Something does not hold.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Its time is over, nothing has failed, and too little is known to pass.</summary>
    [JsonStringEnumMemberName("inconclusive")]
    Inconclusive,
}
