using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>How traffic is given back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RollbackMode>))]
public enum RollbackMode
{
    /// <summary>All at once.</summary>
    [JsonStringEnumMemberName("immediate")]
    Immediate,

    /// <summary>In steps, as it came.</summary>
    [JsonStringEnumMemberName("gradual")]
    Gradual,
}
