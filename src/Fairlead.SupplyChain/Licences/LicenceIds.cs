using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>The short identifiers of the SPDX licence list. Case does not count (SPDX 2.3, annex D.2).</summary>
public static partial class LicenceIds
{
    static readonly Dictionary<string, string> Licences = Index(Current, Recent, Deprecated);
    static readonly Dictionary<string, string> Exceptions = Index(ExceptionIds);
    static readonly HashSet<string> RecentIds = Words(Recent).ToHashSet(StringComparer.Ordinal);
    static readonly HashSet<string> DeprecatedIds = Words(Deprecated).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether it is on the list, deprecated ids such as <c>GPL-2.0+</c> included.</summary>
    public static bool IsKnown(string id) => Licences.ContainsKey(id);

    /// <summary>Whether it is the id of a licence exception.</summary>
    public static bool IsKnownException(string id) => Exceptions.ContainsKey(id);

    /// <summary>Whether the list has it only for the sake of old documents.</summary>
    public static bool IsDeprecated(string id) => Licences.TryGetValue(id, out var known) && DeprecatedIds.Contains(known);

    /// <summary>A sentence for a message (<c>Did you mean 'Apache-2.0'?</c>), or null when nothing is near.</summary>
    public static string? Suggest(string id) => Suggestion.Sentence(id, Licences.Values);

    /// <summary>As <see cref="Suggest"/>, for an exception.</summary>
    public static string? SuggestException(string id) => Suggestion.Sentence(id, Exceptions.Values);

    /// <summary>Whether an id on the list begins with this.</summary>
    internal static bool Any(string start) => Licences.Keys.Any(x => x.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    /// <summary>As <see cref="Any"/>, for an exception.</summary>
    internal static bool AnyException(string start) => Exceptions.Keys.Any(x => x.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    /// <summary>The id as the list writes it, or as it is when the list does not have it.</summary>
    internal static string Canonical(string id) => Licences.GetValueOrDefault(id, id);

    /// <summary>As <see cref="Canonical"/>, for an exception.</summary>
    internal static string CanonicalException(string id) => Exceptions.GetValueOrDefault(id, id);

    /// <summary>Whether the schema of CycloneDX 1.6 takes it as an id.</summary>
    internal static bool IsInCycloneDx(string id) => Licences.TryGetValue(id, out var known) && known == id && !RecentIds.Contains(id);

    static Dictionary<string, string> Index(params string[] lists) =>
        lists.SelectMany(Words).ToDictionary(x => x, StringComparer.OrdinalIgnoreCase);

    static string[] Words(string list) => list.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
