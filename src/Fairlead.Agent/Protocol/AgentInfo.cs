namespace Fairlead.Agent;

/// <summary>Who answers.</summary>
/// <param name="Protocol">The version it speaks; see <see cref="AgentProtocol.Version"/>.</param>
/// <param name="Program">The digest of the program's files.</param>
/// <param name="ProcessId">Its process id.</param>
sealed record AgentInfo(int Protocol, string Program, int ProcessId);
