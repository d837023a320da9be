namespace Fairlead.Versioning;

/// <summary>Why a version is raised: the text in a commit message, or the branch.</summary>
/// <param name="Raise">What is raised.</param>
/// <param name="Commit">The commit whose message says so; null for the branch's <c>increment</c>.</param>
/// <param name="Text">The words in the message.</param>
sealed record RaiseReason(Raise Raise, int? Commit = null, string? Text = null);
