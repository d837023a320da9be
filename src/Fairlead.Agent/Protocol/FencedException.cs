namespace Fairlead.Agent;

/// <summary>A call came with a lower token than has been seen.</summary>
sealed class FencedException(long highest) : Exception($"Token {highest} has been seen.")
{
    public long Highest { get; } = highest;
}
