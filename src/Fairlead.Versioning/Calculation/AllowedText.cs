namespace Fairlead.Versioning;

/// <summary>Puts hyphens in the place of characters that a part of a version may not have.</summary>
static class AllowedText
{
    /// <param name="text">The text.</param>
    /// <param name="also">What is allowed beside ASCII letters, digits and hyphens.</param>
    public static string Of(string text, string also = "") =>
        string.Concat(text.Select(x => char.IsAsciiLetterOrDigit(x) || x == '-' || also.Contains(x, StringComparison.Ordinal) ? x : '-'));
}
