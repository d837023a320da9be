using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Fairlead.Versioning;

/// <summary>Finds what a file has from GitVersion 5, and what to write for it now. Pure.</summary>
sealed partial class FormerSyntax
{
    const string Master = "master";
    const string Main = "main";
    const string PullRequest = "pull-request";
    const string BranchName = "BranchName";
    const string Number = "Number";

    // Names of branches that people have, with the keys under which their settings stand.
    static readonly ImmutableArray<(string Example, string Key)> Examples =
    [
        (Master, Main), ("develop", "develop"), ("release/1", "release"), ("feature/1", "feature"), ("pull/1", PullRequest), ("hotfix/1", "hotfix"), ("support/1", "support"),
    ];

    static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    readonly YamlEdits _edits;
    readonly YamlMap _root;
    readonly bool _trunkBased;
    readonly List<FormerFinding> _findings = [];
    readonly HashSet<string> _explained = [];

    FormerSyntax(string text, YamlMap root, bool trunkBased)
    {
        _edits = new YamlEdits(text);
        _root = root;
        _trunkBased = trunkBased;
    }

    YamlMap? Branches => _root.Find("branches")?.Value as YamlMap;

    /// <summary>Everything in a file that is different in version 6, whatever it was written for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="root">What was read from it.</param>
    /// <param name="trunkBased">Whether <c>mode: Mainline</c> becomes the workflow <c>TrunkBased/preview1</c>; otherwise the strategy <c>Mainline</c>.</param>
    public static ImmutableArray<FormerFinding> Examine(string text, YamlMap root, bool trunkBased = true)
    {
        var syntax = new FormerSyntax(text, root, trunkBased);
        syntax.ExamineRoot();
        foreach (var branch in syntax.Branches?.Entries ?? [])
            syntax.ExamineBranch(branch);
        return [.. syntax._findings.OrderBy(x => x.Where.Start)];
    }

    /// <summary>Whether a file has something that only version 6 knows.</summary>
    public static bool HasNewerKeys(YamlMap root)
    {
        var branches = (root.Find("branches")?.Value as YamlMap)?.Entries.Select(x => x.Value).OfType<YamlMap>() ?? [];
        return branches.Prepend(root).Any(map => map.Entries.Any(x => FormerKeys.Newer.Contains(x.Key.Text)
            || (x is { Key.Text: "mode", Value: YamlScalar mode } && mode.Text.Equals(nameof(DeploymentMode.ManualDeployment), StringComparison.OrdinalIgnoreCase))));
    }

    void ExamineRoot()
    {
        ExamineKeys(_root, ConfigurationKeys.Section.Keys.Select(x => x.Name));
        if (_root.Find("ignore")?.Value is YamlMap ignore)
            ExamineKeys(ignore, IgnoreKeys.Section.Keys.Select(x => x.Name));
        if (_root.Find("mode") is { Value: YamlScalar mode } entry)
            ExamineMode(entry, mode, ofRoot: true);
        foreach (var key in (string[])["assembly-versioning-format", "assembly-file-versioning-format", "assembly-informational-format"])
        {
            if (_root.Find(key)?.Value is YamlScalar format)
                ExamineFormat(key, format);
        }

        if (_root.Find("tag-prefix")?.Value is YamlScalar prefix && MatchesNothing(prefix.Text) == false)
        {
            var optional = SingleSet().IsMatch(prefix.Text) ? prefix.Text + "?" : $"({prefix.Text})?";
            Report(prefix, "In version 5 a tag might leave the prefix out; now the pattern must allow for that itself.", _edits.Replace(prefix, optional));
        }
    }

    void ExamineBranch(YamlEntry branch)
    {
        var map = branch.Value as YamlMap;
        ExamineBranchName(branch.Key, hasPattern: map?.Find("regex") is { Value.IsNull: false });
        if (map is null)
            return;
        ExamineKeys(map, BranchKeys.Section.Keys.Select(x => x.Name));
        if (map.Find("mode") is { Value: YamlScalar mode } entry)
            ExamineMode(entry, mode, ofRoot: false);
        foreach (var key in (string[])["source-branches", "is-source-branch-for"])
        {
            foreach (var source in (map.Find(key)?.Value as YamlList)?.Items.OfType<YamlScalar>() ?? [])
                ExamineSource(source);
        }

        ExamineLabel(CurrentName(branch.Key.Text), map);
        ExamineIncrement(CurrentName(branch.Key.Text), map);
    }

    void ExamineKeys(YamlMap map, IEnumerable<string> known)
    {
        foreach (var entry in map.Entries.ExceptBy(known, x => x.Key.Text))
        {
            var name = entry.Key.Text;
            if (FormerKeys.Find(name) is not { } former)
                Report(entry.Key, $"'{name}' is no key of GitVersion 5 or 6 and had no effect: it becomes a comment.", [.. _edits.TakeOut(map, entry)]);
            else if (former.Now is null)
                Sign(entry.Key, Once($"'{name}' is gone.", former.Meaning), [.. _edits.TakeOut(map, entry)]);
            else
                Sign(entry.Key, Once($"'{name}' is '{former.Now}' now.", former.Meaning), [.. Renamed(map, entry, former)]);
        }
    }

    IEnumerable<TextEdit> Renamed(YamlMap map, YamlEntry entry, FormerKey former)
    {
        var name = former.Name == FormerKeys.MergedBranch ? "prevent-increment" : former.Now!;
        // Version 5 took a key without a value for one that is not there; version 6 takes a label away then.
        if (map.Find(name) is not null || entry.Value.IsNull)
            return _edits.TakeOut(map, entry);
        return former.Name == FormerKeys.MergedBranch && entry.Value is YamlScalar value
            ? _edits.Wrap(entry.Key, "of-merged-branch", value).Prepend(_edits.Replace(entry.Key, name))
            : [_edits.Replace(entry.Key, name)];
    }

    void ExamineMode(YamlEntry entry, YamlScalar mode, bool ofRoot)
    {
        if (FormerKeys.Modes.TryGetValue(mode.Text, out var now))
        {
            Report(mode, Once($"What was {mode.Text} in version 5 is {now} now.", "The names of the modes have moved on by one."), _edits.Replace(mode, now));
            return;
        }

        if (!mode.Text.Equals(FormerKeys.Mainline, StringComparison.OrdinalIgnoreCase))
            return;
        if (!ofRoot)
        {
            const string message = "'mode: Mainline' is gone. It is a strategy of the whole file now ('strategies' at the root), "
                + "and the mode of a branch where every commit is a release is ContinuousDeployment.";
            Sign(mode, message, _edits.Replace(mode, nameof(DeploymentMode.ContinuousDeployment)));
        }
        else if (_trunkBased)
        {
            const string message = "'mode: Mainline' is the workflow TrunkBased/preview1 now, or 'strategies: [Mainline]' on top of another one.";
            Sign(mode, message, _edits.Replace(entry.Key, "workflow"), _edits.Replace(mode, TrunkBased.Configuration.Workflow));
        }
        else
        {
            const string message = "'mode: Mainline' is the strategy Mainline now. The mode where every commit on the main branch is a release is ContinuousDeployment.";
            Sign(mode, message, [.. StrategyMainline(entry.Key, mode)]);
        }
    }

    IEnumerable<TextEdit> StrategyMainline(YamlScalar key, YamlScalar mode)
    {
        var quote = _edits.Quote(key);
        yield return new TextEdit(key.Span.Start, key.Span.End, $"{quote}mode{quote}: {quote}ContinuousDeployment{quote}{_edits.Between(_root)}{quote}strategies{quote}");
        yield return new TextEdit(mode.Span.Start, mode.Span.End, $"[{quote}ConfiguredNextVersion{quote}, {quote}Mainline{quote}]");
    }

    void ExamineFormat(string key, YamlScalar format)
    {
        var gone = Placeholder().Matches(format.Text).Select(x => x.Groups[1].Value).Where(FormerKeys.Variables.ContainsKey).Distinct().ToList();
        if (gone.Count == 0)
            return;
        var now = Placeholder().Replace(format.Text, x => FormerKeys.Variables.TryGetValue(x.Groups[1].Value, out var variable) ? "{" + variable : x.Value);
        var nearest = string.Join(", ", gone.Select(x => $"{FormerKeys.Variables[x]} for {x}"));
        Sign(format, $"'{key}' names variables that are gone; the nearest are {nearest}.", _edits.Replace(format, now));
    }

    void ExamineBranchName(YamlScalar name, bool hasPattern)
    {
        var now = CurrentName(name.Text);
        if (now == name.Text)
            return;
        var message = $"The key of the branch '{name.Text}' is '{now}' now.";
        var taken = Branches!.Find(now) is not null || Branches.Entries.Count(x => CurrentName(x.Key.Text) == now) > 1;
        var edits = taken ? [] : ImmutableArray.Create(_edits.Replace(name, now));
        _findings.Add(new FormerFinding(name.Span, taken ? $"{message} There is one already: put both together." : message, !hasPattern, edits));
    }

    void ExamineSource(YamlScalar source)
    {
        if (CurrentName(source.Text) is var now && now == source.Text)
            return;
        var message = $"The key of the branch '{source.Text}' is '{now}' now.";
        if (Branches?.Find(source.Text) is null)
            Sign(source, message, _edits.Replace(source, now));
        else
            Report(source, message, _edits.Replace(source, now));
    }

    // Version 5 cut what 'regex' matched off the name of the branch, and looked for the number of a pull request with a pattern of its own.
    // Now both are named groups of 'regex'.
    void ExamineLabel(string branch, YamlMap map)
    {
        var written = (map.Find(FormerKeys.Tag) ?? map.Find("label"))?.Value as YamlScalar;
        if (written is { IsNull: true })
            written = null;
        var pattern = map.Find("regex")?.Value as YamlScalar;
        var isNamed = written?.Text == FormerKeys.UseBranchName;
        var label = isNamed ? "{BranchName}" : written?.Text ?? DefaultLabel(branch);
        if (isNamed)
            Sign(written!, "'useBranchName' is '{BranchName}' now: the group 'BranchName' of 'regex'.", _edits.Replace(written!, label));

        var wantsNumber = branch == PullRequest && label.Length > 0 && (written is null || !label.Contains('{', StringComparison.Ordinal));
        var group = wantsNumber ? Number : label.Contains("{BranchName}", StringComparison.Ordinal) ? BranchName : null;
        if (group is null)
            return;
        var extended = pattern is null || Groups(pattern.Text).Contains(group) ? null : BranchPattern.WithGroup(pattern.Text, group, wantsNumber ? @"\d*" : ".+");
        var hasGroup = pattern is null || Groups(pattern.Text).Contains(group) || extended is not null;
        if (extended is not null)
            Report(pattern!, $"What '{{{group}}}' in the label stands for is a group of 'regex' now.", _edits.Replace(pattern!, extended));
        else if (!hasGroup)
            Report(pattern!, $"What '{{{group}}}' in the label stands for is a group of 'regex' now: write (?<{group}>…) around it.");
        if (wantsNumber && written is not null && hasGroup)
            Report(written, "The number of the pull request is in the label only where '{Number}' says so.", _edits.Replace(written, label + "{Number}"));
    }

    void ExamineIncrement(string branch, YamlMap map)
    {
        if (map.Entries is not [{ Key: var first }, ..] || map.Find("increment") is not null || HasNewerKeys(_root) || GitFlow.Configuration.Branches.Any(x => x.Key == branch))
            return;
        var quote = _edits.Quote(first);
        var edit = new TextEdit(first.Span.Start, first.Span.Start, $"{quote}increment{quote}: {quote}Inherit{quote}{_edits.Between(map)}");
        Report(first, $"The branch '{branch}' does not say what it raises: that was Inherit in version 5 and is None now.", edit);
    }

    // The second of several equal messages need not say it all again.
    string Once(string message, string meaning) => _explained.Add(message) ? $"{message} {meaning}" : message;

    static string DefaultLabel(string branch) => GitFlow.Configuration.Branches.FirstOrDefault(x => x.Key == branch).Value?.Label ?? WorkflowParts.NameOfBranch;

    // Before version 4 the keys of branches were regular expressions.
    static string CurrentName(string name)
    {
        if (name == Master)
            return Main;
        if (BranchKey().IsMatch(name))
            return name;
        try
        {
            return Examples.FirstOrDefault(x => Regex.IsMatch(x.Example, $"^(?:{name})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchLimit)).Key ?? name;
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            return name;
        }
    }

    static bool? MatchesNothing(string pattern)
    {
        try
        {
            return Regex.IsMatch("", $"^(?:{pattern})$", RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    static string[] Groups(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchLimit).GetGroupNames();
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    void Sign(YamlScalar where, string message, params ImmutableArray<TextEdit> edits) => Add(where, message, true, edits);

    void Report(YamlScalar where, string message, params ImmutableArray<TextEdit> edits) => Add(where, message, false, edits);

    void Add(YamlScalar where, string message, bool isSign, ImmutableArray<TextEdit> edits) =>
        _findings.Add(new FormerFinding(where.Span, message, isSign, _edits.IsSimple(where) ? edits : []));

    [GeneratedRegex(@"\{([A-Za-z0-9]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex("^[A-Za-z0-9_-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BranchKey();

    [GeneratedRegex(@"^\[[^\[\]\\]+\]$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SingleSet();
}
