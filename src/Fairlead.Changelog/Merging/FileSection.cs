namespace Fairlead.Changelog;

/// <summary>A heading of a changelog file, and what is under it.</summary>
/// <param name="Start">Position of its first line.</param>
/// <param name="Body">Position of the first line after the heading.</param>
/// <param name="End">Position of the first line that does not belong to it any more.</param>
/// <param name="Level">Level of the heading, from 1.</param>
/// <param name="Title">What the heading names when that is a release, or what is not released yet.</param>
sealed record FileSection(int Start, int Body, int End, int Level, ReleaseTitle? Title);
