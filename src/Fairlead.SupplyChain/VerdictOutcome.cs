using System.Text.Json.Serialization;

namespace Fairlead.SupplyChain;

/// <summary>How a check ended. There is no fourth way: a check that looked at nothing has failed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerdictOutcome>))]
public enum VerdictOutcome
{
    /// <summary>Could not run at all, for instance because its tool is missing.</summary>
    [JsonStringEnumMemberName("not-done")]
    NotDone,

    /// <summary>Ran over what it should look at and found nothing that the policy forbids.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>Found something forbidden, or looked at nothing.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
