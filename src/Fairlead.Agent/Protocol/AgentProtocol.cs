using System.Text.Json;

namespace Fairlead.Agent;

/// <summary>
/// HTTP/1.1 and JSON over a Unix socket that only its user can open. The version is part of each path; a change that an older
/// side would misunderstand takes a new version.
/// </summary>
static class AgentProtocol
{
    public const int Version = 3;

    /// <summary>Exit code of an agent that found another one at work.</summary>
    public const int AlreadyRunning = 17;

    /// <summary>Exit code of an agent that could not begin; its log says why.</summary>
    public const int CannotStart = 18;

    /// <summary>Marks every process that an agent starts with the agent's state directory.</summary>
    public const string StateVariable = "FAIRLEAD_AGENT_STATE";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}
