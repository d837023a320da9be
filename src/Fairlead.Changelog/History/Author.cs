namespace Fairlead.Changelog;

/// <summary>A person or a program that writes commits.</summary>
/// <param name="Name">The name, as <c>.mailmap</c> has it.</param>
/// <param name="Email">The mail address, as <c>.mailmap</c> has it. Never shown: it only tells people apart.</param>
public sealed record Author(string Name, string Email);
