using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Those who may not approve, because it is their own work: who deploys, and who wrote what goes out.</summary>
/// <param name="Reasons">By address or account, why: <c>they deploy it themselves</c>.</param>
sealed record Participants(ImmutableDictionary<string, string> Reasons)
{
    public const string Deploys = "they deploy it themselves";

    public static Participants Nobody { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase));

    public Participants With(IEnumerable<string> identities, string reason)
    {
        var reasons = Reasons;
        foreach (var identity in identities.SelectMany(Spellings).Where(x => !reasons.ContainsKey(x)))
            reasons = reasons.Add(identity, reason);
        return new Participants(reasons);
    }

    /// <summary>Why a person may not approve, or null.</summary>
    public string? ReasonAgainst(ImmutableArray<string> principals, AllowedSigners signers) =>
        Reasons.Where(x => principals.Any(name => signers.IsSamePerson(name, x.Key))).OrderBy(x => x.Value == Deploys ? 0 : 1).ThenBy(x => x.Key, StringComparer.Ordinal).Select(x => x.Value).FirstOrDefault();

    // GitHub's addresses for those who show none: 1234+octocat@users.noreply.github.com is octocat.
    static IEnumerable<string> Spellings(string identity)
    {
        const string Hidden = "@users.noreply.github.com";
        var name = identity.Trim();
        if (name.Length == 0)
            yield break;
        yield return name;
        if (name.EndsWith(Hidden, StringComparison.OrdinalIgnoreCase) && name[..^Hidden.Length].Split('+')[^1] is { Length: > 0 } account)
            yield return account;
    }
}
