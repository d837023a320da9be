using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What is known of one criterion.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CriterionOutcome>))]
public enum CriterionOutcome
{
    /// <summary>The stage's time is not over, and it has not failed.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It holds.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>It does not hold.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>There are too few samples.</summary>
    [JsonStringEnumMemberName("inconclusive")]
    Inconclusive,

    /// <summary>There are no samples at all.</summary>
    [JsonStringEnumMemberName("no-data")]
    NoData,

    /// <summary>The source gives something that is not a number.</summary>
    [JsonStringEnumMemberName("not-a-number")]
    NotANumber,

    /// <summary>The source cannot be asked.</summary>
    [JsonStringEnumMemberName("unavailable")]
    Unavailable,

    /// <summary>There is no baseline, so that nothing is compared. It counts neither way.</summary>
    [JsonStringEnumMemberName("not-compared")]
    NotCompared,
}
