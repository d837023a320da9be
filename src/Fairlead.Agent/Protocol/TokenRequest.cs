namespace Fairlead.Agent;

/// <summary>A call that says nothing more.</summary>
sealed record TokenRequest(long Token);
