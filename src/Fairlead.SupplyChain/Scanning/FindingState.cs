using System.Text.Json.Serialization;

namespace Fairlead.SupplyChain;

/// <summary>What became of a finding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingState>))]
public enum FindingState
{
    /// <summary>It counts.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Somebody has accepted it until a day: <see cref="Exemption"/>.</summary>
    [JsonStringEnumMemberName("excepted")]
    Excepted,

    /// <summary>A VEX document says that it is not exploitable here, or mended.</summary>
    [JsonStringEnumMemberName("not-affected")]
    NotAffected,

    /// <summary>No version mends it yet, and the policy says that such ones do not count.</summary>
    [JsonStringEnumMemberName("unfixed")]
    Unfixed,
}
