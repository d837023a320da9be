using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>How a value is compared with a limit.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LimitOperator>))]
public enum LimitOperator
{
    /// <summary>&lt;</summary>
    [JsonStringEnumMemberName("<")]
    Less,

    /// <summary>≤</summary>
    [JsonStringEnumMemberName("<=")]
    LessOrEqual,

    /// <summary>&gt;</summary>
    [JsonStringEnumMemberName(">")]
    Greater,

    /// <summary>≥</summary>
    [JsonStringEnumMemberName(">=")]
    GreaterOrEqual,
}
