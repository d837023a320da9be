using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>
/// Who is who in a file of keys (<c>ssh-keygen</c>(1), ALLOWED SIGNERS). Whether a key is good is <c>ssh-keygen</c>'s to say; this tells which
/// names are one person: those that stand in one line, and those of lines that share a name or a key.
/// </summary>
sealed class AllowedSigners
{
    readonly Dictionary<string, string> _parents = new(StringComparer.OrdinalIgnoreCase);

    AllowedSigners(ImmutableArray<string> principals) => Principals = principals;

    /// <summary>All names, in the order of the file.</summary>
    public ImmutableArray<string> Principals { get; }

    public static AllowedSigners Parse(string text)
    {
        var lines = text.Split('\n').Select(x => x.Trim()).Where(x => x.Length > 0 && x[0] != '#').Select(ReadLine).ToList();
        var signers = new AllowedSigners([.. lines.SelectMany(x => x.Principals).Distinct(StringComparer.OrdinalIgnoreCase)]);
        // The names of an authority's line are those that it may give out, and not those of one person.
        foreach (var (principals, key, _) in lines.Where(x => !x.IsAuthority))
        {
            for (var i = 1; i < principals.Length; i++)
                signers.Unite(principals[0], principals[i]);
            // No name has a space, so that a key is none.
            if (key is not null && principals.Length > 0)
                signers.Unite(principals[0], $"key {key}");
        }

        return signers;
    }

    /// <summary>One name for the person that a name stands for.</summary>
    public string PersonOf(string principal)
    {
        while (_parents.TryGetValue(principal, out var parent) && !string.Equals(parent, principal, StringComparison.OrdinalIgnoreCase))
            principal = parent;
        return principal;
    }

    public bool IsSamePerson(string a, string b) => string.Equals(PersonOf(a), PersonOf(b), StringComparison.OrdinalIgnoreCase);

    public bool Knows(string principal) => Principals.Contains(principal, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name is a pattern, which stands for nobody in particular.</summary>
    public static bool IsPattern(string principal) => principal.AsSpan().IndexOfAny("*?!") >= 0;

    void Unite(string a, string b)
    {
        var (first, second) = (PersonOf(a), PersonOf(b));
        if (!string.Equals(first, second, StringComparison.OrdinalIgnoreCase))
            _parents[second] = first;
    }

    static (ImmutableArray<string> Principals, string? Key, bool IsAuthority) ReadLine(string line)
    {
        string names, rest;
        if (line[0] == '"' && line.IndexOf('"', 1) is > 0 and var quote)
            (names, rest) = (line[1..quote], line[(quote + 1)..]);
        else
            (names, rest) = line.IndexOfAny([' ', '\t']) is > 0 and var end ? (line[..end], line[end..]) : (line, "");
        var words = rest.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var isAuthority = words.Any(x => x.Split(',').Contains("cert-authority", StringComparer.OrdinalIgnoreCase));
        var type = Array.FindIndex(words, x => x.StartsWith("ssh-", StringComparison.Ordinal) || x.StartsWith("ecdsa-", StringComparison.Ordinal) || x.StartsWith("sk-", StringComparison.Ordinal));
        ImmutableArray<string> principals = [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(x => !IsPattern(x))];
        return (principals, type >= 0 && type + 1 < words.Length ? words[type + 1] : null, isAuthority);
    }
}
