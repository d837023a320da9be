namespace Fairlead.SupplyChain;

/// <summary>The result of one kind of check, as the release manifest keeps it.</summary>
/// <param name="Kind">What was checked; one of <see cref="VerdictKinds"/> or a word of the user's own.</param>
/// <param name="Outcome">Passed, failed or not done.</param>
/// <param name="Summary">One sentence with the figures that made the verdict, or the reason why it was not done.</param>
public sealed record Verdict(string Kind, VerdictOutcome Outcome, string Summary);
