namespace Fairlead.Versioning;

/// <summary>Something that a migration did, or could not do.</summary>
/// <param name="Line">The line in the text before, from 1; 0 when it is about the whole file.</param>
/// <param name="Message">What has changed, and why.</param>
/// <param name="NeedsDecision">Whether nothing was changed there, because a person must decide.</param>
public sealed record MigrationNote(int Line, string Message, bool NeedsDecision);
