namespace Fairlead.Engine;

/// <summary>What became of one target.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Duration">How long its body ran.</param>
/// <param name="Detail">The reason for skipping, or the error; otherwise null.</param>
public sealed record TargetResult(string Name, TargetStatus Status, TimeSpan Duration, string? Detail);
