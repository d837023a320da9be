namespace Fairlead.Engine;

/// <summary>One target runs before another.</summary>
/// <param name="Earlier">The one that runs first.</param>
/// <param name="Later">The one that runs afterwards.</param>
/// <param name="Kind">Why.</param>
public sealed record TargetEdge(string Earlier, string Later, EdgeKind Kind);
