namespace Fairlead.Versioning;

/// <summary>The message of a release's tag. Its last line tells it from tags that were set for other reasons.</summary>
public static class ReleaseTagMessage
{
    const string Trailer = "Fairlead-Release: ";

    /// <summary>The message.</summary>
    /// <param name="version">The version.</param>
    /// <param name="text">What to say beside it; may be empty.</param>
    public static string Write(SemanticVersion version, string text) =>
        $"{version}\n\n{(string.IsNullOrWhiteSpace(text) ? "" : text.Trim() + "\n\n")}{Trailer}{version}\n";

    /// <summary>Whether a message is that of a release.</summary>
    public static bool IsRelease(string message) => message.Split('\n').Any(x => x.StartsWith(Trailer, StringComparison.Ordinal));
}
