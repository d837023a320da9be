using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What becomes of an interrupted deployment when the same release is deployed again.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InterruptedDeployment>))]
public enum InterruptedDeployment
{
    /// <summary>It goes on where it was; an analysis that was cut short starts anew.</summary>
    [JsonStringEnumMemberName("continue")]
    Continue,

    /// <summary>It is taken back first, and the release starts from the beginning.</summary>
    [JsonStringEnumMemberName("rollback")]
    Rollback,
}
