using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>A GitVersion.yml for version 6.</summary>
/// <param name="Text">Its text; the same as before when there was nothing to do.</param>
/// <param name="Notes">What was changed, and what a person must decide, in the order of the file.</param>
public sealed record MigrationResult(string Text, ImmutableArray<MigrationNote> Notes);
