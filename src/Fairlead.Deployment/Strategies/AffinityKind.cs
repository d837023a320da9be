using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What tells one client from another.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AffinityKind>))]
public enum AffinityKind
{
    /// <summary>A cookie.</summary>
    [JsonStringEnumMemberName("cookie")]
    Cookie,

    /// <summary>A request header.</summary>
    [JsonStringEnumMemberName("header")]
    Header,
}
