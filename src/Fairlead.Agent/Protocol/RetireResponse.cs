namespace Fairlead.Agent;

/// <summary>How a revision ended.</summary>
/// <param name="Cut">How many requests were still running when the drain timeout was over, and were cut.</param>
sealed record RetireResponse(int Cut);
