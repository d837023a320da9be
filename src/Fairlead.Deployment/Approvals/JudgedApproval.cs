using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>What became of one approval.</summary>
/// <param name="Counts">Whether it counts.</param>
/// <param name="Line">What to say about it; null: it is about something else.</param>
sealed record JudgedApproval(bool Counts, string? Line)
{
    /// <summary>What to say about it, fit for a terminal whatever was signed; null: it is about something else.</summary>
    public string? Line { get; } = Line is null ? null : Printable.Line(Line);
}
