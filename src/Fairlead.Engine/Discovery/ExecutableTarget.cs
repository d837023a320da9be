namespace Fairlead.Engine;

/// <summary>A target with everything that running it needs.</summary>
sealed record ExecutableTarget(TargetNode Node, TargetDefinition Definition);
