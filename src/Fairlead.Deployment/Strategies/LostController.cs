using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What a platform does when the command that runs a rollout is not heard of any more.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LostController>))]
public enum LostController
{
    /// <summary>Gives the traffic back to the stable revisions.</summary>
    [JsonStringEnumMemberName("rollback")]
    Rollback,

    /// <summary>Leaves everything as it is until the next command.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,
}
