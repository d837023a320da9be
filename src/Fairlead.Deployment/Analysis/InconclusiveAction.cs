using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What becomes of a stage of which too little is known.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InconclusiveAction>))]
public enum InconclusiveAction
{
    /// <summary>The release is taken back.</summary>
    [JsonStringEnumMemberName("rollback")]
    Rollback,

    /// <summary>The rollout goes on, and says so loudly.</summary>
    [JsonStringEnumMemberName("promote")]
    Promote,
}
