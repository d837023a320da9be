namespace Fairlead.Versioning;

/// <summary>How a version is raised.</summary>
/// <param name="Raise">What is raised.</param>
/// <param name="Label">The label of the result; null keeps the one there is.</param>
/// <param name="Force">Raises a pre-release as well.</param>
/// <param name="AtLeast">The numbers of the result are not below those of this version.</param>
sealed record RaiseStep(Raise Raise, string? Label, bool Force = false, LabelledVersion? AtLeast = null);
