using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>Something in a file that was another thing in GitVersion 5.</summary>
/// <param name="Where">Its place.</param>
/// <param name="Message">What it is now, and what has changed in meaning.</param>
/// <param name="IsSign">Whether it can stand in a file for version 5 only.</param>
/// <param name="Edits">What makes the same of it in version 6; empty when a person must decide.</param>
sealed record FormerFinding(TextSpan Where, string Message, bool IsSign, ImmutableArray<TextEdit> Edits);
