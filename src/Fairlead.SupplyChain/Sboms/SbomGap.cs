namespace Fairlead.SupplyChain;

/// <summary>A minimum element that a bill of materials lacks.</summary>
/// <param name="Element">The element in CISA's words: <c>License</c>, <c>Component Hash</c>.</param>
/// <param name="Component">Name and version of the component; null for an element of the document.</param>
/// <param name="Reason">Why it is missing, and whose it is to mend, as a sentence.</param>
/// <param name="Lists">The lists that ask for it: <c>CISA 2026</c>, <c>NTIA 2021</c>.</param>
public sealed record SbomGap(string Element, string? Component, string Reason, string Lists);
