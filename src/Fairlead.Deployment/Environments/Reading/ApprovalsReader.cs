using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Reads whose consent is needed.</summary>
static class ApprovalsReader
{
    const string Expected = "a list of people or groups";

    /// <summary>The groups at the top of the file.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Groups(MapReader file)
    {
        var groups = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (file.Section("groups", EnvironmentKeys.Groups, "'groups'") is not { } reader)
            return groups.ToImmutable();
        foreach (var (key, value) in reader.Entries())
        {
            ImmutableArray<YamlScalar> members = value is YamlList list ? [.. list.Items.OfType<YamlScalar>().Where(x => !x.IsNull)] : [];
            if (value is not YamlList { Items.IsEmpty: false } all || members.Length < all.Items.Length)
                reader.Report($"The group '{key.Text}' must be a list of people, and is {(value is YamlList { Items.IsEmpty: true } ? "empty" : value is YamlList ? "not one of names alone" : $"a {MapReader.Kind(value)}")}.", value.Where, $"Write for instance '{key.Text}: [alice@example.com]', as the file of the keys names them.");
            foreach (var twice in members.GroupBy(x => x.Text, StringComparer.OrdinalIgnoreCase).SelectMany(x => x.Skip(1)))
                reader.Report($"'{twice.Text}' is in the group '{key.Text}' twice.", twice.Where, "Remove one of them: one person counts once.");
            groups[key.Text] = [.. members.Select(x => x.Text)];
        }

        foreach (var (key, value) in reader.Map.Entries)
        {
            foreach (var inner in (value as YamlList)?.Items.OfType<YamlScalar>().Where(x => groups.ContainsKey(x.Text)) ?? [])
                reader.Report($"The group '{key.Text}' has the group '{inner.Text}' as a member.", inner.Where, "Write its people; groups have people only.");
        }

        return groups.ToImmutable();
    }

    public static ApprovalSpec Approvals(MapReader environment, out bool? autoDeploy)
    {
        var approvals = new ApprovalSpec { Groups = environment.Scope.Reading.Groups };
        autoDeploy = environment.Bool("auto_deploy");
        var required = environment.Bool("approval_required");
        if (environment.Section("approvals", EnvironmentKeys.Approval) is not { } reader)
            return approvals with { Required = required ?? false };
        autoDeploy ??= reader.Bool("auto_deploy");
        approvals = Common(reader, approvals, required) with
        {
            BreakGlass = Names(reader, "break_glass"),
            CountersignWithin = reader.Duration("countersign_within", orZero: false) ?? approvals.CountersignWithin,
        };
        if (reader.Has("countersign_within") && !reader.Has("break_glass"))
            reader.Report($"'countersign_within' of {reader.Owner} is for those who break the glass, and there is no 'break_glass'.", reader.KeyWhere("countersign_within"), "Name them, or remove the line.");
        return approvals;
    }

    public static ApprovalSpec Acceptance(MapReader environment)
    {
        var acceptance = new ApprovalSpec { Groups = environment.Scope.Reading.Groups };
        return environment.Section("acceptance", EnvironmentKeys.Acceptance) is { } reader ? Common(reader, acceptance, null) : acceptance;
    }

    public static BypassSpec? Bypass(MapReader environment)
    {
        if (environment.Section("bypass", EnvironmentKeys.Bypass) is not { } reader)
            return null;
        return new BypassSpec { Approvers = Names(reader, "approvers"), Minimum = reader.Count("minimum_approvals", 100) ?? 1, Groups = environment.Scope.Reading.Groups };
    }

    static ApprovalSpec Common(MapReader reader, ApprovalSpec approvals, bool? required) => approvals with
    {
        Required = reader.Bool("required") ?? required ?? (reader.Has("approvers") || reader.Has("minimum_approvals")),
        Approvers = Names(reader, "approvers"),
        Minimum = reader.Count("minimum_approvals", 100) ?? approvals.Minimum,
        Signers = reader.Text("signers", "a path inside of the repository") ?? approvals.Signers,
        Revoked = reader.Text("revoked", "a path inside of the repository") ?? approvals.Revoked,
    };

    /// <summary>People and groups. A name without an @ must be a group, or a member of one, as soon as the file has groups.</summary>
    static ImmutableArray<string> Names(MapReader reader, string key)
    {
        var names = reader.Texts(key, orOne: true, Expected);
        var groups = reader.Scope.Reading.Groups;
        if (groups.IsEmpty || names.IsEmpty)
            return names;
        var items = reader.Map.Entries.Where(x => x.Key.Text == key).Select(x => x.Value).FirstOrDefault() switch
        {
            YamlList list => list.Items.OfType<YamlScalar>(),
            YamlScalar one => [one],
            _ => [],
        };
        var people = groups.Values.SelectMany(x => x).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var item in items.Where(x => !x.Text.Contains('@', StringComparison.Ordinal) && !groups.ContainsKey(x.Text) && !people.Contains(x.Text)))
            reader.Report($"'{item.Text}' of '{key}' of {reader.Owner} is neither a group of this file nor a person.", item.Where, Suggestion.Sentence(item.Text, groups.Keys) ?? $"There are the groups {string.Join(", ", groups.Keys)}; people are written as the file of the keys has them: alice@example.com.");
        return names;
    }
}
