using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Deployment;

/// <summary>
/// Tells whether a program that was written for one schema still works with another. Pure. It looks at what can be told from the schema: what is not
/// there any more, what is another type, and what rows have to keep that they did not. It does not look into the bodies of functions and triggers, nor at data and privileges.
/// </summary>
static partial class SchemaComparison
{
    /// <summary>What the second schema takes away from users of the first one, as sentences; empty: it only adds.</summary>
    public static ImmutableArray<string> Contractions(SchemaSnapshot before, SchemaSnapshot after) =>
        [.. OfRelations(before, after), .. OfEnums(before, after), .. OfDomains(before, after), .. OfThings(before, after), .. OfRules(before, after)];

    /// <summary>Tables that have fewer rows than before, as sentences. Those that are gone are told of by their schema.</summary>
    public static ImmutableArray<string> LostRows(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) =>
    [
        .. from old in before.OrderBy(x => x.Key, StringComparer.Ordinal)
           where after.TryGetValue(old.Key, out var now) && now < old.Value
           select string.Create(CultureInfo.InvariantCulture, $"Rows of {old.Key} are gone: it had {old.Value}, and has {after[old.Key]}."),
    ];

    /// <summary>Whether two schemas are the same in all that is looked at, in whatever order.</summary>
    public static bool AreSame(SchemaSnapshot one, SchemaSnapshot other)
    {
        return Lines(one).SequenceEqual(Lines(other), StringComparer.Ordinal);

        static IOrderedEnumerable<string> Lines(SchemaSnapshot schema) =>
            schema.Relations.Select(x => $"{x with { Columns = [] }} {string.Join(';', x.Columns.OrderBy(c => c.Name, StringComparer.Ordinal))}")
                .Concat(schema.Enums.Select(x => $"{x.Name} {string.Join(';', x.Labels.Order(StringComparer.Ordinal))}"))
                .Concat(schema.Domains.Select(x => $"{x.Name} {string.Join(';', x.Rules.Order(StringComparer.Ordinal))}"))
                .Concat(schema.Things.Select(x => x.ToString()))
                .Concat(schema.Unique.Concat(schema.Constraints).Select(x => $"{x.Table} {x.Definition}"))
                .Order(StringComparer.Ordinal);
    }

    static IEnumerable<string> OfRelations(SchemaSnapshot before, SchemaSnapshot after)
    {
        var now = after.Relations.ToDictionary(x => x.Name, StringComparer.Ordinal);
        foreach (var old in before.Relations.OrderBy(x => x.Name, StringComparer.Ordinal))
        {
            if (!now.TryGetValue(old.Name, out var relation))
            {
                yield return $"The {old.Kind} {old.Name} is gone.";
                continue;
            }

            if (relation.Kind != old.Kind)
                yield return $"{old.Name} was a {old.Kind}, and is a {relation.Kind}.";
            if (relation.HasRowSecurity && !old.HasRowSecurity)
                yield return $"The {old.Kind} {old.Name} got row security, which hides rows from those whom no policy lets see them.";
            foreach (var sentence in OfColumns(old, relation))
                yield return sentence;
        }
    }

    static IEnumerable<string> OfColumns(SchemaSnapshot.Relation before, SchemaSnapshot.Relation after)
    {
        var now = after.Columns.ToDictionary(x => x.Name, StringComparer.Ordinal);
        foreach (var old in before.Columns)
        {
            var name = $"{before.Name}.{old.Name}";
            if (!now.TryGetValue(old.Name, out var column))
            {
                yield return $"The column {name} is gone.";
                continue;
            }

            if (column.Type != old.Type && !Widens(old.Type, column.Type))
                yield return $"The column {name} was {old.Type}, and is {column.Type}.";
            if (column.Required && !old.Required)
                yield return $"The column {name} must have a value now (NOT NULL).";
            else if (column.Required && old.HasDefault && !column.HasDefault)
                yield return $"The column {name} must have a value and lost its default.";
            if (column.IsGenerated && !old.IsGenerated)
                yield return $"The column {name} is always generated now: rows of the old version that give it a value would be refused.";
        }

        foreach (var column in after.Columns.Where(x => x is { Required: true, HasDefault: false } && before.Columns.All(old => old.Name != x.Name)))
            yield return $"The new column {before.Name}.{column.Name} must have a value (NOT NULL) and has no default: rows of the old version would be refused.";
    }

    static IEnumerable<string> OfEnums(SchemaSnapshot before, SchemaSnapshot after)
    {
        foreach (var old in before.Enums)
        {
            if (after.Enums.FirstOrDefault(x => x.Name == old.Name) is not { } now)
            {
                yield return $"The type {old.Name} is gone.";
                continue;
            }

            foreach (var label in old.Labels.Where(x => !now.Labels.Contains(x)))
                yield return $"The value '{label}' of the type {old.Name} is gone.";
        }
    }

    static IEnumerable<string> OfDomains(SchemaSnapshot before, SchemaSnapshot after) =>
        from old in before.Domains
        let now = after.Domains.FirstOrDefault(x => x.Name == old.Name)
        where now is not null
        from rule in now.Rules.Except(old.Rules, StringComparer.Ordinal)
        select $"Values of the domain {old.Name} must keep a new rule: {rule}.";

    static IEnumerable<string> OfThings(SchemaSnapshot before, SchemaSnapshot after)
    {
        foreach (var old in before.Things)
        {
            if (after.Things.FirstOrDefault(x => x.Kind == old.Kind && x.Name == old.Name) is not { } now)
                yield return $"The {old.Kind} {old.Name} is gone.";
            else if (now.Shape != old.Shape)
                yield return $"The {old.Kind} {old.Name} was {old.Shape}, and is {now.Shape}.";
        }
    }

    static IEnumerable<string> OfRules(SchemaSnapshot before, SchemaSnapshot after)
    {
        var tables = after.Relations.Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var old in before.Unique.Where(x => tables.Contains(x.Table) && !Has(after.Unique, x)))
            yield return $"A unique index of {old.Table} is gone ({Columns(old)}): 'ON CONFLICT' of the old version may rely on it.";
        foreach (var rule in after.Unique.Where(x => IsNew(x, before.Unique) && !IsOfNewColumns(x, before, after, mayHaveDefault: false)))
            yield return $"Rows of {rule.Table} must be unique in {Columns(rule)} now.";
        foreach (var rule in after.Constraints.Where(x => IsNew(x, before.Constraints) && !IsOfNewColumns(x, before, after, mayHaveDefault: true)))
            yield return $"Rows of {rule.Table} must keep a new rule: {rule.Definition}.";

        bool IsNew(SchemaSnapshot.Rule rule, ImmutableArray<SchemaSnapshot.Rule> known) => before.Relations.Any(x => x.Name == rule.Table) && !Has(known, rule);
    }

    /// <summary>The old version never writes columns that it does not know, so a rule about these alone is none for it; but the same default twice is not unique.</summary>
    static bool IsOfNewColumns(SchemaSnapshot.Rule rule, SchemaSnapshot before, SchemaSnapshot after, bool mayHaveDefault)
    {
        var old = before.Relations.First(x => x.Name == rule.Table).Columns;
        var now = after.Relations.FirstOrDefault(x => x.Name == rule.Table)?.Columns ?? [];
        return !rule.Columns.IsEmpty && rule.Columns.All(name => old.All(x => x.Name != name) && (mayHaveDefault || now.Any(x => x.Name == name && !x.HasDefault)));
    }

    static bool Has(ImmutableArray<SchemaSnapshot.Rule> rules, SchemaSnapshot.Rule rule) => rules.Any(x => x.Table == rule.Table && x.Definition == rule.Definition);

    static string Columns(SchemaSnapshot.Rule rule) => rule.Columns.IsEmpty ? rule.Definition : string.Join(", ", rule.Columns);

    /// <summary>Whether everything that was written and read as the first type can be as the second one, by programs that know only the first.</summary>
    internal static bool Widens(string from, string to)
    {
        if (Sized().Match(from) is { Success: true } old)
        {
            if (to is "text" or "character varying")
                return true;
            return Sized().Match(to) is { Success: true } now && Number(now, "size") >= Number(old, "size");
        }

        if (from == "character varying" && to == "text")
            return true;
        if (Exact().Match(from) is not { Success: true } exact)
            return false;
        return Exact().Match(to) is { Success: true } wider && wider.Groups["scale"].Value == exact.Groups["scale"].Value && Number(wider, "size") >= Number(exact, "size");

        static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^character varying\((?<size>\d{1,8})\)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sized();

    [GeneratedRegex(@"^numeric\((?<size>\d{1,4}),(?<scale>-?\d{1,4})\)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Exact();
}
