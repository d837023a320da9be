using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>How an operation ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationResult>))]
public enum OperationResult
{
    /// <summary>It reached its aim.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>It was taken back: what was live before is live again.</summary>
    [JsonStringEnumMemberName("undone")]
    Undone,
}
