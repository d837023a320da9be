using System.Collections.Immutable;
using System.Globalization;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Reads what stands between a release and an environment: windows, checks and the short path of hotfixes.</summary>
static class GatesReader
{
    static readonly ImmutableArray<string> Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static DeploymentWindows Windows(MapReader environment)
    {
        var windows = new DeploymentWindows();
        if (environment.Section("windows", EnvironmentKeys.Windows) is not { } reader)
            return windows;
        if (reader.Scalar("timezone", "the IANA name of a time zone") is { } zone)
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(zone.Text, out _))
                windows = windows with { TimeZone = zone.Text };
            else
                reader.Report($"'{zone.Text}' of {reader.Owner} is no time zone that this machine knows.", zone.Where, "Write an IANA name like 'Europe/Berlin', or 'UTC'.");
        }

        return windows with
        {
            Allow = [.. reader.Items("allow", EnvironmentKeys.Window, "window").Select(Window)],
            Deny = [.. reader.Items("deny", EnvironmentKeys.Window, "window").Select(Window)],
            Freezes = [.. reader.Items("freezes", EnvironmentKeys.FreezeDays, "freeze").Select(Freeze).OfType<Freeze>()],
        };
    }

    public static ImmutableArray<CheckSpec> Checks(MapReader environment)
    {
        if (environment.Section("checks", EnvironmentKeys.Checks) is not { } reader)
            return [];
        return [.. EnvironmentKeys.Checks.Keys.Where(x => reader.Has(x.Name)).SelectMany(x => ChecksOf(reader, x.Name))];
    }

    public static HotfixSpec Hotfix(MapReader environment)
    {
        var hotfix = new HotfixSpec();
        if (environment.Section("hotfix", EnvironmentKeys.Hotfix) is not { } reader)
            return hotfix;
        var skip = reader.Texts("skip", orOne: true, "a rule, or a list of them");
        string[] rules = [Refusal.Verified, Refusal.Window, Refusal.Branch, .. VerdictKinds.All.Where(x => x != VerdictKinds.Signatures)];
        foreach (var rule in skip.Where(x => !rules.Contains(x, StringComparer.Ordinal)))
            reader.Report($"'{rule}' is no rule that {reader.Owner} can skip.", reader.KeyWhere("skip"), Suggestion.Sentence(rule, rules) ?? $"Known: {string.Join(", ", rules)}. Signatures, approvals and checks are never left out.");
        return hotfix with
        {
            Skip = [.. skip.Intersect(rules, StringComparer.Ordinal)],
            Branches = reader.Texts("branches", orOne: true, "a branch like hotfix/*, or a list of them") is { IsEmpty: false } branches ? branches : hotfix.Branches,
            MergeInto = reader.Texts("merge_into", orOne: true, "a branch, or a list of them") is { IsEmpty: false } targets ? targets : hotfix.MergeInto,
        };
    }

    /// <summary>One check, or a list of mappings.</summary>
    static IEnumerable<CheckSpec> ChecksOf(MapReader checks, string kind)
    {
        if (checks.Node(kind) is YamlList { Items: [YamlMap, ..] })
            return checks.Items(kind, EnvironmentKeys.Check, "check").Select((x, i) => Check(x, i == 0 ? kind : $"{kind} {i + 1}"));
        if (checks.Node(kind) is YamlMap)
            return [Check(checks.Section(kind, EnvironmentKeys.Check)!, kind)];
        return checks.Command(kind) is { IsEmpty: false } command ? [new CheckSpec { Name = kind, Command = command }] : [];
    }

    static CheckSpec Check(MapReader reader, string name)
    {
        if (reader.Has("command") == reader.Has("http"))
            reader.Report($"{ReadingScope.Capital(reader.Owner)} must have either 'command' or 'http'.", reader.Where);
        var defaults = new CheckSpec { Name = name };
        var http = reader.Scalar("http", "an address, or a path like /health");
        if (http is not null && !http.Text.StartsWith('/') && !(Uri.TryCreate(http.Text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0))
        {
            reader.Report($"'{reader.Word("http")}' of {reader.Owner} must be a path of the service, or an http or https address without a password.", http.Where);
            http = null;
        }

        foreach (var key in (string[])["status", "contains", "within"])
        {
            if (reader.Has(key) && reader.Has("command"))
                reader.Report($"'{key}' of {reader.Owner} says what an address must answer, and it has a command.", reader.KeyWhere(key), "Remove it, or let the command look.");
        }

        return defaults with
        {
            Command = reader.Command("command"),
            Http = http?.Text,
            Status = reader.Count("status", 599, least: 100) ?? defaults.Status,
            Contains = reader.Text("contains"),
            Within = reader.Duration("within", orZero: false),
            Timeout = reader.Duration("timeout", orZero: false) ?? (reader.Has("http") ? TimeSpan.FromSeconds(10) : defaults.Timeout),
            Retries = reader.Count("retries", 100, least: 0) ?? defaults.Retries,
            RetryInterval = reader.Duration("retry_interval", orZero: true) ?? defaults.RetryInterval,
        };
    }

    static WeeklyWindow Window(MapReader reader)
    {
        var days = new SortedSet<DayOfWeek>();
        foreach (var text in reader.Texts("days", orOne: true, "a day, a range like mon-thu, or a list of them"))
        {
            var ends = text.Split('-').Select(DayOf).ToList();
            if (ends.Count > 2 || ends.Contains(null))
            {
                reader.Report($"'{text}' of {reader.Owner} is no day of the week.", reader.KeyWhere("days"), "Write mon, tue, wed, thu, fri, sat, sun, or a range like mon-thu.");
                continue;
            }

            for (var day = ends[0]!.Value; ; day = (DayOfWeek)(((int)day + 1) % 7))
            {
                days.Add(day);
                if (day == ends[^1])
                    break;
            }
        }

        // TimeOnly has no 24:00; the first moment of a day stands for the end of the one before.
        return new WeeklyWindow([.. days], Clock(reader, "from") ?? TimeOnly.MinValue, Clock(reader, "to") ?? TimeOnly.MinValue);
    }

    static DayOfWeek? DayOf(string text)
    {
        var word = text.Trim().ToLowerInvariant();
        var index = word.Length >= 3 ? Days.IndexOf(word[..3]) : -1;
        return index >= 0 && Enum.GetName((DayOfWeek)index)!.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? (DayOfWeek)index : null;
    }

    static TimeOnly? Clock(MapReader reader, string key) => reader.Parsed<TimeOnly>(key, "a time like 09:00", text =>
        text == "24:00" ? TimeOnly.MinValue
        : TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null);

    static Freeze? Freeze(MapReader reader)
    {
        var (from, to) = (Day("from"), Day("to"));
        if (!reader.Has("from") || !reader.Has("to"))
            reader.Report($"{ReadingScope.Capital(reader.Owner)} needs 'from' and 'to'.", reader.Where, "Write days like 2026-12-20.");
        return from is { } first && to is { } last ? new Freeze(first, last, reader.Text("reason")) : null;

        DateOnly? Day(string key) => reader.Parsed<DateOnly>(
            key, "a day like 2026-12-20", text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null);
    }
}
