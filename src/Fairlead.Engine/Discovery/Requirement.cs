namespace Fairlead.Engine;

/// <summary>Something that must hold before anything runs; with the name of the member when it is a value that must be there.</summary>
sealed record Requirement(Func<bool> IsMet, string Text, string? Member);
