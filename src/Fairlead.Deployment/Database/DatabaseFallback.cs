using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What becomes of the database when a release goes back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatabaseFallback>))]
public enum DatabaseFallback
{
    /// <summary>It stays as it is: the old version works with the expanded schema.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>The down migrations of the release run when none of its processes is left.</summary>
    [JsonStringEnumMemberName("migrate-down")]
    MigrateDown,

    /// <summary>
    /// The copy from before is brought back. By itself only when nothing can have been written since; otherwise it needs <c>--accept-data-loss</c>.
    /// </summary>
    [JsonStringEnumMemberName("restore")]
    Restore,
}
