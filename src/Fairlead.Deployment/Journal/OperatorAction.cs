using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What people can tell a deployment that is under way.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperatorAction>))]
public enum OperatorAction
{
    /// <summary>Stay at the weights that there are.</summary>
    [JsonStringEnumMemberName("pause")]
    Pause,

    /// <summary>Go on after a pause.</summary>
    [JsonStringEnumMemberName("resume")]
    Resume,

    /// <summary>End the stage as passed, whatever its analysis says, and go on.</summary>
    [JsonStringEnumMemberName("promote")]
    Promote,

    /// <summary>Take the deployment back.</summary>
    [JsonStringEnumMemberName("abort")]
    Abort,

    /// <summary>Take the lock away from whoever holds it.</summary>
    [JsonStringEnumMemberName("break-lock")]
    BreakLock,
}
