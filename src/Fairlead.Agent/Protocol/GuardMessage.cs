namespace Fairlead.Agent;

/// <summary>What to do when nothing is heard of a rollout for so long.</summary>
sealed record GuardMessage(TimeSpan After, IReadOnlyList<GuardedMessage> Services)
{
    public bool IsSameAs(GuardMessage? other) => other is not null && After == other.After && Services.SequenceEqual(other.Services);
}
