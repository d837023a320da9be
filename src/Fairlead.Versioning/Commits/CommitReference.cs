namespace Fairlead.Versioning;

/// <summary>Something that a commit message names by its number.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The number or key, without its sign.</param>
/// <param name="Owner">What stands before the last slash (<c>owner</c>, <c>group/subgroup</c>), or null.</param>
/// <param name="Repository">Another repository than that of the commit, or null.</param>
/// <param name="Action">The word that says that the commit settles it (<c>closes</c>), in lower case, or null for a mere mention.</param>
public sealed record CommitReference(ReferenceKind Kind, string Id, string? Owner = null, string? Repository = null, string? Action = null);
