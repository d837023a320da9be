namespace Fairlead.Releases;

/// <summary>A publication and what was found there.</summary>
/// <param name="Publication">What would be published.</param>
/// <param name="State">What is there.</param>
public sealed record PlannedPublication(IPublication Publication, PublicationState State)
{
    /// <summary>For lists.</summary>
    public override string ToString() => $"{Publication.Name} → {Publication.Destination}: {State}";
}
