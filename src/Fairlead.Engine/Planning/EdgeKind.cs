namespace Fairlead.Engine;

/// <summary>Why one target runs before another.</summary>
public enum EdgeKind
{
    /// <summary>The later one needs the earlier one and brings it into the plan.</summary>
    Dependency,

    /// <summary>They run in this order when both are in the plan.</summary>
    Order,

    /// <summary>The earlier one brings the later one into the plan.</summary>
    Trigger,
}
