namespace Fairlead.Tooling;

/// <summary>"Did you mean": finds the known word that a misspelt one most likely stands for.</summary>
public static class Suggestion
{
    /// <summary>
    /// The nearest of <paramref name="known"/> by optimal string alignment distance (insert, delete, replace, swap of neighbours),
    /// ignoring case; null when nothing is near: more than a third of the letters, and at least one edit, may differ.
    /// A known word that starts with what was typed also counts, when it is the only one.
    /// </summary>
    public static string? Closest(string typed, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        var candidates = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        foreach (var candidate in candidates)
        {
            var distance = Distance(typed.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        if (best is not null && bestDistance <= Math.Max(1, Math.Max(typed.Length, best.Length) / 3))
            return best;

        var starting = candidates.Where(x => typed.Length >= 2 && x.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToList();
        return starting.Count == 1 ? starting[0] : null;
    }

    /// <summary>A sentence for a message: <c>Did you mean 'Compile'?</c>, or null.</summary>
    public static string? Sentence(string typed, IEnumerable<string> known) =>
        Closest(typed, known) is { } closest ? $"Did you mean '{closest}'?" : null;

    static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
