namespace Fairlead.Changelog;

/// <summary>What a line of a changelog file is a part of.</summary>
enum LineKind
{
    /// <summary>Text, in which headings, entries and definitions may begin.</summary>
    Text,

    /// <summary>Fenced code, the fences included.</summary>
    Code,

    /// <summary>A comment.</summary>
    Comment,
}
