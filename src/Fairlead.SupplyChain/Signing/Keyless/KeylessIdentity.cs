namespace Fairlead.SupplyChain;

/// <summary>Who may sign without a key of their own.</summary>
/// <param name="Issuer">Who vouches for the identity: <c>https://token.actions.githubusercontent.com</c> for workflows on GitHub.</param>
/// <param name="Subject">The identity itself: the workflow with its ref (<c>https://github.com/OWNER/REPO/.github/workflows/release.yml@refs/heads/main</c>) or an e-mail address; <c>*</c> stands for any text.</param>
public sealed record KeylessIdentity(string Issuer, string Subject)
{
    internal bool Covers(string issuer, string subject) => issuer == Issuer && Matches(Subject, subject);

    // Any text for each star: greedy from the left is enough, as every other part must match literally.
    static bool Matches(string pattern, string text)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
            return pattern == text;
        if (!text.StartsWith(parts[0], StringComparison.Ordinal) || text.Length < parts[0].Length + parts[^1].Length || !text.EndsWith(parts[^1], StringComparison.Ordinal))
            return false;
        var rest = text[parts[0].Length..^parts[^1].Length];
        foreach (var part in parts[1..^1])
        {
            var at = rest.IndexOf(part, StringComparison.Ordinal);
            if (at < 0)
                return false;
            rest = rest[(at + part.Length)..];
        }

        return true;
    }
}
