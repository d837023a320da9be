namespace Fairlead.Versioning;

/// <summary>A footer of a commit message (<c>Refs: #12</c>).</summary>
/// <param name="Token">The word before the separator; <c>BREAKING CHANGE</c> is written with a space, whichever way the commit had it.</param>
/// <param name="Value">What follows, possibly of several lines.</param>
public sealed record CommitFooter(string Token, string Value);
