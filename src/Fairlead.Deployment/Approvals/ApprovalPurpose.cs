using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What somebody puts their name to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApprovalPurpose>))]
public enum ApprovalPurpose
{
    /// <summary>That a release may go to the environment.</summary>
    [JsonStringEnumMemberName("approve")]
    Approve,

    /// <summary>The same in an emergency, alone, to be countersigned.</summary>
    [JsonStringEnumMemberName("break-glass")]
    BreakGlass,

    /// <summary>That a release which went out by breaking the glass was right to go.</summary>
    [JsonStringEnumMemberName("countersign")]
    Countersign,

    /// <summary>That a release which is live in the environment was tried by people and is accepted.</summary>
    [JsonStringEnumMemberName("accept")]
    Accept,
}
