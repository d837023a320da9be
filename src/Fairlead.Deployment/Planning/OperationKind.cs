using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What somebody wanted to do with an environment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationKind>))]
public enum OperationKind
{
    /// <summary>Deploy a release.</summary>
    [JsonStringEnumMemberName("deploy")]
    Deploy,

    /// <summary>Go back to an earlier release.</summary>
    [JsonStringEnumMemberName("rollback")]
    Rollback,

    /// <summary>Stop everything.</summary>
    [JsonStringEnumMemberName("down")]
    Down,

    /// <summary>Copy the database.</summary>
    [JsonStringEnumMemberName("backup")]
    BackUp,

    /// <summary>Bring a copy of the database back.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,

    /// <summary>Run the contracting migrations of what is live.</summary>
    [JsonStringEnumMemberName("contract")]
    Contract,
}
