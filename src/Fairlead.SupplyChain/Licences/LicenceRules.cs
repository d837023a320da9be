using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>What a <see cref="LicencePolicy"/> says of one single licence.</summary>
/// <param name="policy">The policy.</param>
sealed class LicenceRules(LicencePolicy policy)
{
    const string WithWord = " WITH ";
    const string Only = "-only";
    const string Later = "-or-later";

    static readonly ImmutableArray<string> Gnu =
        ["AGPL-1.0", "AGPL-3.0", "GFDL-1.1", "GFDL-1.2", "GFDL-1.3", "GPL-1.0", "GPL-2.0", "GPL-3.0", "LGPL-2.0", "LGPL-2.1", "LGPL-3.0"];

    readonly Dictionary<LicenceExpression.Licence, bool> _isAllowed = [];

    /// <summary>Whether it is allowed; each licence is judged once.</summary>
    public bool IsAllowed(LicenceExpression.Licence licence)
    {
        if (!_isAllowed.TryGetValue(licence, out var isAllowed))
            _isAllowed[licence] = isAllowed = Judge(licence) is null;
        return isAllowed;
    }

    /// <summary>Why it is refused, or null when it is allowed.</summary>
    public string? Refusal(LicenceExpression.Licence licence) => Judge(licence)?.Invoke();

    /// <summary>An entry with a wildcard that covers nothing there is.</summary>
    public static bool CoversNothing(string entry)
    {
        var start = entry.Trim().TrimEnd('*');
        if (start.IndexOf(WithWord, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            return !LicenceIds.IsKnown(start[..at].TrimEnd('+')) || !LicenceIds.AnyException(start[(at + WithWord.Length)..]);
        string[] own = [LicenceExpressionParser.LicenceReference, LicenceExpressionParser.DocumentReference];
        return !LicenceIds.Any(start.TrimEnd('+'))
            && !own.Any(x => x.StartsWith(start, StringComparison.OrdinalIgnoreCase) || start.StartsWith(x, StringComparison.OrdinalIgnoreCase))
            && !LicenceIds.IsKnown(start.Trim().Split(' ')[0]);
    }

    // The reason costs more than the judgement: it looks for what may have been meant.
    Func<string>? Judge(LicenceExpression.Licence licence)
    {
        var names = Names(licence);
        var allowed = policy.Allow.FirstOrDefault(entry => names.Any(name => Covers(entry, name)));
        // An exception that is allowed by name is meant: only a denial that names it too says otherwise.
        var isExceptionAllowed = licence.Exception is not null && allowed is not null && NamesException(allowed);
        var denied = policy.Deny.FirstOrDefault(entry => (!isExceptionAllowed || NamesException(entry)) && names.Any(name => Covers(entry, name) || Covers(entry, WithoutException(name))));
        if (denied is not null)
            return () => $"denied by '{denied}'";
        if (allowed is not null)
            return null;
        if (!licence.IsKnown)
            return policy.AllowUnknown && !LicenceIds.IsKnown(licence.Id) ? null : () => Unknown(licence);
        return policy.Allow.IsEmpty ? null : () => "not allowed";
    }

    static string Unknown(LicenceExpression.Licence licence)
    {
        if (licence.IsReference)
            return "a text of its own, not on the SPDX list";
        var suggestion = LicenceIds.IsKnown(licence.Id) ? LicenceIds.SuggestException(licence.Exception!) : LicenceIds.Suggest(licence.Id);
        return $"not on the SPDX list{(suggestion is null ? "" : $". {suggestion.TrimEnd('?')}")}";
    }

    static bool NamesException(string entry) => entry.Contains(WithWord, StringComparison.OrdinalIgnoreCase);

    static bool Covers(string entry, string name) => entry.Trim() is var text && text.EndsWith('*')
        ? name.StartsWith(text[..^1], StringComparison.OrdinalIgnoreCase)
        : string.Equals(text, name, StringComparison.OrdinalIgnoreCase);

    static string WithoutException(string name) => name.IndexOf(WithWord, StringComparison.Ordinal) is >= 0 and var at ? name[..at] : name;

    // "Or later" lets the receiver take this version, so it goes under either name; GNU's licences have old and new names for the same thing.
    static ImmutableArray<string> Names(LicenceExpression.Licence licence)
    {
        var suffix = licence.Exception is null ? "" : $"{WithWord}{licence.Exception}";
        var (id, later) = (licence.Id, licence.OrLater);
        if (Gnu.FirstOrDefault(x => id == x || id == x + Only || id == x + Later) is { } family)
        {
            string[] names = later || id == family + Later ? [family + Later, family + "+", family + Only, family] : [family + Only, family];
            return [.. names.Select(x => x + suffix)];
        }

        return later ? [$"{id}+{suffix}", id + suffix] : [id + suffix];
    }
}
