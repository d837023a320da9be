using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Reads the keys of one mapping. Keys that its section does not have are mistakes from the start. A wrong value is reported, and is
/// then as if it were not there.
/// </summary>
sealed class MapReader
{
    readonly YamlMap _map;
    readonly KeySection _section;
    readonly string _owner;
    readonly ReadingScope _scope;

    /// <param name="map">The mapping.</param>
    /// <param name="section">The keys that it may have.</param>
    /// <param name="owner">What it describes, for messages: <c>environment 'staging'</c>.</param>
    /// <param name="scope">The environment or service that it is a part of.</param>
    /// <param name="path">What its settings' paths begin with: empty, or ended with a dot.</param>
    public MapReader(YamlMap map, KeySection section, string owner, ReadingScope scope, string path)
    {
        (_map, _section, _owner, _scope, Path) = (map, section, owner, scope, path);
        CheckWords();
    }

    public string Path { get; }

    public string Owner => _owner;

    public ReadingScope Scope => _scope;

    public SourceLocation Where => _map.Where;

    public YamlMap Map => _map;

    /// <summary>Whether the key is there, with or without a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The place of the key, or of the mapping when it is not there.</summary>
    public SourceLocation KeyWhere(string key) => Find(key)?.Key.Where ?? Where;

    /// <summary>The value of a key, or null when it is not there or, after a problem, has no value.</summary>
    public YamlNode? Node(string key)
    {
        if (Find(key) is not var (name, value))
            return null;
        if (value is YamlScalar { IsNull: true })
        {
            Report($"'{name.Text}' of {_owner} has no value.", name.Where, "Give it one, or remove the line.");
            return null;
        }

        _scope.Record(Path + key, value is YamlScalar ? value.Where : name.Where);
        return value;
    }

    public YamlScalar? Scalar(string key, string expected)
    {
        var node = Node(key);
        if (node is null or YamlScalar)
            return (YamlScalar?)node;
        Report($"'{Word(key)}' of {_owner} must be {expected}, not a {Kind(node)}.", node.Where);
        return null;
    }

    public bool? Bool(string key) => Scalar(key, "true or false") is { } scalar
        ? scalar.Text switch
        {
            "true" => true,
            "false" => false,
            _ => Wrong<bool>(key, scalar, "true or false"),
        }
        : null;

    public int? Count(string key, int most, int least = 1)
    {
        var expected = $"a whole number from {least} to {most}";
        if (Scalar(key, expected) is not { } scalar)
            return null;
        return int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Wrong<int>(key, scalar, expected);
    }

    public TimeSpan? Duration(string key, bool orZero)
    {
        const string Expected = "a duration like 30s, 5m or 1h30m (a number alone is seconds; 30 days at most)";
        if (Scalar(key, Expected) is not { } scalar)
            return null;
        return Durations.Parse(scalar.Text) is { } duration && (orZero || duration > TimeSpan.Zero)
            ? duration
            : Wrong<TimeSpan>(key, scalar, orZero ? Expected : $"{Expected}, more than 0");
    }

    /// <summary>A value that is read by a function, which gives null for what it does not understand.</summary>
    public T? Parsed<T>(string key, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (Scalar(key, expected) is not { } scalar)
            return null;
        return parse(scalar.Text) ?? Wrong<T>(key, scalar, expected);
    }

    /// <summary>One of some words.</summary>
    public T? Choice<T>(string key, params ImmutableArray<(string Word, T Value)> choices)
        where T : struct
    {
        var expected = Sentence.Or(choices.Select(x => $"'{x.Word}'"));
        if (Scalar(key, expected) is not { } scalar)
            return null;
        foreach (var (word, value) in choices)
        {
            if (word == scalar.Text)
                return value;
        }

        Report($"'{Word(key)}' of {_owner} must be {expected}, but is '{scalar.Text}'.", scalar.Where, Suggestion.Sentence(scalar.Text, choices.Select(x => x.Word)));
        return null;
    }

    public string? Text(string key, string expected = "a text") => Scalar(key, expected)?.Text;

    public MapReader? Section(string key, KeySection section, string? innerOwner = null)
    {
        var node = Node(key);
        if (node is null or YamlMap)
            return node is YamlMap inner ? Inner(inner, section, innerOwner ?? $"'{Word(key)}' of {_owner}", $"{Path}{key}.") : null;
        Report($"'{Word(key)}' of {_owner} must be a mapping (indented 'key: value' lines), not a {Kind(node)}.", node.Where);
        return null;
    }

    /// <summary>The mappings of a list.</summary>
    public ImmutableArray<MapReader> Items(string key, KeySection section, string item)
    {
        var node = Node(key);
        if (node is null)
            return [];
        if (node is not YamlList list)
        {
            Report($"'{Word(key)}' of {_owner} must be a list ('- ' before each {item}), not a {Kind(node)}.", node.Where);
            return [];
        }

        var readers = ImmutableArray.CreateBuilder<MapReader>();
        for (var i = 0; i < list.Items.Length; i++)
        {
            var path = $"{Path}{key}[{i}]";
            _scope.Record(path, list.Items[i].Where);
            if (list.Items[i] is YamlMap inner)
                readers.Add(Inner(inner, section, $"{item} {i + 1} of '{Word(key)}' of {_owner}", path + "."));
            else
                Report($"Each {item} of '{Word(key)}' of {_owner} must be a mapping ('key: value' lines), not a {Kind(list.Items[i])}.", list.Items[i].Where);
        }

        return readers.ToImmutable();
    }

    public MapReader Inner(YamlMap map, KeySection section, string owner, string path) => new(map, section, owner, _scope, path);

    /// <summary>The entries under names of the user's own. Entries without a value are reported and left out.</summary>
    public IEnumerable<(YamlScalar Key, YamlNode Value)> Entries()
    {
        foreach (var (key, value) in _map.Entries.Where(x => !_section.Knows(x.Key.Text)))
        {
            if (value is YamlScalar { IsNull: true })
            {
                Report($"'{key.Text}' of {_owner} has no value.", key.Where, "Give it one, or remove the line.");
                continue;
            }

            _scope.Record(Path + key.Text, value is YamlScalar ? value.Where : key.Where);
            yield return (key, value);
        }
    }

    public ImmutableArray<string> Texts(string key, bool orOne = false, string expected = "a list of texts, for instance [dotnet, Worker.dll, --verbose]")
    {
        switch (Node(key))
        {
            case null:
                return [];
            case YamlScalar one when orOne:
                return [one.Text];
            case YamlList { Items: { IsEmpty: false } items }:
                foreach (var item in items.Where(x => x is not YamlScalar || x is YamlScalar { IsNull: true }))
                    Report($"'{Word(key)}' of {_owner} must be {expected}; this item is {(item is YamlScalar ? "empty" : $"a {Kind(item)}")}.", item.Where);
                return [.. items.OfType<YamlScalar>().Select(x => x.Text)];
            case var other:
                Report($"'{Word(key)}' of {_owner} must be {expected}, not {(other is YamlList ? "an empty list" : $"a {Kind(other)}")}.", other.Where);
                return [];
        }
    }

    /// <summary>Program and arguments, as a list or as a line without anything that only a shell understands.</summary>
    public ImmutableArray<string> Command(string key)
    {
        if (Find(key) is not (_, YamlScalar { IsNull: false }))
            return Texts(key);
        return Node(key) is YamlScalar line ? CommandOf(line, $"'{Word(key)}' of {_owner}") : [];
    }

    public ImmutableArray<string> CommandOf(YamlScalar line, string subject)
    {
        var words = CommandLine.Split(line.Text);
        if (words.IsDefaultOrEmpty)
            Report($"{ReadingScope.Capital(subject)} is not a plain command line.", line.Where, "No shell is started: write program and arguments as a list, for instance [npm, run, 'test:smoke'], or put the line into a script.");
        return words.IsDefault ? [] : words;
    }

    /// <summary>The word by which a key stands in the file.</summary>
    public string Word(string key) => Find(key)?.Key.Text ?? key;

    public void Report(string message, SourceLocation? where, string? remedy = null) => _scope.Report(message, where, remedy);

    public static string Kind(YamlNode node) => node switch
    {
        YamlMap => "mapping",
        YamlList => "list",
        _ => "single value",
    };

    (YamlScalar Key, YamlNode Value)? Find(string name)
    {
        var key = _section.Find(name) ?? throw new InvalidOperationException($"'{name}' is missing from the table of keys of '{_section.Name}'.");
        _scope.Reading.Asked.Add((_section.Name, name));
        (YamlScalar Key, YamlNode Value)? best = null;
        foreach (var entry in _map.Entries.Where(x => key.Answers(x.Key.Text)))
        {
            if (best is not { } other)
            {
                best = entry;
                continue;
            }

            var (rank, otherRank) = (_scope.Rank(entry.Key.Where), _scope.Rank(other.Key.Where));
            if (rank == otherRank)
                Report($"'{entry.Key.Text}' of {_owner} means the same as '{other.Key.Text}' in line {other.Key.Where.Line}.", entry.Key.Where, "Remove one of them.");
            if (rank > otherRank)
                best = entry;
        }

        return best;
    }

    void CheckWords()
    {
        if (_section.Names is not null)
            return;
        foreach (var (key, _) in _map.Entries.Where(x => !_section.Knows(x.Key.Text)))
        {
            if (_section.Instead.GetValueOrDefault(key.Text) is { } sentence)
            {
                Report($"'{key.Text}' of {_owner} is not supported by this version of Fairlead.", key.Where, sentence);
                continue;
            }

            var known = _section.Keys.Select(x => x.Name).ToList();
            Report(
                $"'{key.Text}' is not a key of {_owner}.",
                key.Where,
                Suggestion.Sentence(key.Text, known.Concat(_section.Keys.SelectMany(x => x.Aliases))) ?? $"Known keys: {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }
    }

    T? Wrong<T>(string key, YamlScalar scalar, string expected)
        where T : struct
    {
        Report($"'{Word(key)}' of {_owner} must be {expected}, but is '{scalar.Text}'.", scalar.Where);
        return null;
    }
}
