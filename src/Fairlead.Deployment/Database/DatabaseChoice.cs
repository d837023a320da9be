using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What a rollback does with the database.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatabaseChoice>))]
public enum DatabaseChoice
{
    /// <summary>What the release that is left says under <c>on_rollback</c>; nothing is lost.</summary>
    [JsonStringEnumMemberName("as-configured")]
    AsConfigured,

    /// <summary>It stays as it is, also where the older release may not work with it.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>The copy from before is brought back: what was written since is only in the database that stays beside it.</summary>
    [JsonStringEnumMemberName("accept-data-loss")]
    AcceptDataLoss,
}
