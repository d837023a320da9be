using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Reads the keys of one mapping. Each key that is asked for is known; <see cref="Finish"/> reports the rest. Mistakes go to the list
/// of problems and the value becomes the default.
/// </summary>
/// <param name="map">The mapping.</param>
/// <param name="owner">What it describes, for messages: <c>environment 'staging'</c>.</param>
/// <param name="problems">Where mistakes go.</param>
sealed class MapReader(YamlMap map, string owner, ICollection<Problem> problems)
{
    readonly HashSet<string> _known = new(StringComparer.Ordinal);
    readonly HashSet<string> _unsupported = new(StringComparer.Ordinal);

    public SourceLocation Where => map.Where;

    /// <summary>Whether the key is there, with or without a value.</summary>
    public bool Has(string key) => map.Entries.Any(x => x.Key.Text == key);

    /// <summary>The place of the key.</summary>
    public SourceLocation KeyWhere(string key) => map.Entries.First(x => x.Key.Text == key).Key.Where;

    /// <summary>The value of a key, or null when it is not there or, after a problem, has no value.</summary>
    public YamlNode? Node(string key)
    {
        _known.Add(key);
        var entry = map.Entries.FirstOrDefault(x => x.Key.Text == key);
        if (entry.Value is not YamlScalar { IsNull: true })
            return entry.Value;
        problems.Add(new Problem($"'{key}' of {owner} has no value.", "Give it one, or remove the line.", entry.Key.Where));
        return null;
    }

    public YamlScalar? Scalar(string key, string expected)
    {
        var node = Node(key);
        if (node is null or YamlScalar)
            return (YamlScalar?)node;
        problems.Add(new Problem($"'{key}' of {owner} must be {expected}, not a {Kind(node)}.", Where: node.Where));
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

    public int? Count(string key, int most)
    {
        var expected = $"a whole number from 1 to {most}";
        if (Scalar(key, expected) is not { } scalar)
            return null;
        return int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
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

    public MapReader? Map(string key, string innerOwner) => Node(key) switch
    {
        null => null,
        YamlMap inner => new MapReader(inner, innerOwner, problems),
        var other => Wrong(key, other, "a mapping (indented 'key: value' lines)"),
    };

    /// <summary>All entries; for mappings whose keys are the user's own names. Entries without a value are reported and left out.</summary>
    public IEnumerable<(YamlScalar Key, YamlNode Value)> Entries()
    {
        foreach (var (key, _) in map.Entries)
        {
            if (Node(key.Text) is { } value)
                yield return (key, value);
        }
    }

    public ImmutableArray<string> Texts(string key)
    {
        const string Expected = "a list of texts, for instance [dotnet, Worker.dll, --verbose]";
        switch (Node(key))
        {
            case null:
                return [];
            case YamlList { Items: { IsEmpty: false } items }:
                foreach (var item in items.Where(x => x is not YamlScalar || x is YamlScalar { IsNull: true }))
                    problems.Add(new Problem($"'{key}' of {owner} must be {Expected}; this item is {(item is YamlScalar ? "empty" : $"a {Kind(item)}")}.", Where: item.Where));
                return [.. items.OfType<YamlScalar>().Select(x => x.Text)];
            case var other:
                Wrong(key, other, Expected);
                return [];
        }
    }

    /// <summary>Says of each key that is there why it cannot be used.</summary>
    public void Unsupported(IEnumerable<KeyValuePair<string, string>> sentences)
    {
        foreach (var (key, sentence) in sentences)
        {
            _unsupported.Add(key);
            if (Has(key))
                problems.Add(new Problem($"'{key}' of {owner} is not supported by this version of Fairlead.", sentence, KeyWhere(key)));
        }
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Finish()
    {
        foreach (var (key, _) in map.Entries.Where(x => !_known.Contains(x.Key.Text) && !_unsupported.Contains(x.Key.Text)))
        {
            problems.Add(new Problem(
                $"'{key.Text}' is not a key of {owner}.",
                Suggestion.Sentence(key.Text, _known) ?? $"Known keys: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.",
                key.Where));
        }
    }

    public static string Kind(YamlNode node) => node switch
    {
        YamlMap => "mapping",
        YamlList => "list",
        _ => "single value",
    };

    T? Wrong<T>(string key, YamlScalar scalar, string expected)
        where T : struct
    {
        problems.Add(new Problem($"'{key}' of {owner} must be {expected}, but is '{scalar.Text}'.", Where: scalar.Where));
        return null;
    }

    MapReader? Wrong(string key, YamlNode node, string expected)
    {
        problems.Add(new Problem($"'{key}' of {owner} must be {expected}, not a {Kind(node)}.", Where: node.Where));
        return null;
    }
}
