using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What became of an entry that was kept on one machine while the store was out of reach.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JournalDelay>))]
public enum JournalDelay
{
    /// <summary>Nobody had written anything meanwhile: it counts as if it had been written in time.</summary>
    [JsonStringEnumMemberName("late")]
    Late,

    /// <summary>Others had gone on meanwhile, from what they saw on the platform: it is only remembered, and says nothing of what is live.</summary>
    [JsonStringEnumMemberName("superseded")]
    Superseded,
}
