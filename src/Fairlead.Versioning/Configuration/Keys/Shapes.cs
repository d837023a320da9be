using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>The shapes that values of GitVersion.yml have.</summary>
static partial class Shapes
{
    static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    /// <summary>Any single value, as it is written: YAML's numbers and dates too (<c>1.10</c> stays <c>1.10</c>).</summary>
    public static Shape<string> Text { get; } = new("a text", () => new JsonObject { ["type"] = Words(["string", "number", "boolean"]) }, TextOf);

    public static Shape<bool> Flag { get; } = new("true or false", () => OfType("boolean"), value => TextOf(value).ToUpperInvariant() switch
    {
        "TRUE" => true,
        "FALSE" => false,
        _ => throw new ShapeException(value),
    });

    public static Shape<int> Count { get; } = new(
        "a whole number",
        () => OfType("integer"),
        value => int.TryParse(TextOf(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new ShapeException(value));

    public static Shape<string> Pattern { get; } = new(
        "a regular expression",
        () => new JsonObject { ["type"] = "string", ["format"] = "regex" },
        value =>
        {
            var pattern = TextOf(value);
            try
            {
                _ = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, MatchLimit);
                return pattern;
            }
            catch (ArgumentException exception)
            {
                throw new ShapeException(value, $"{exception.Message.TrimEnd('.')}. In single quotes, backslashes stand for themselves.");
            }
        });

    public static Shape<ImmutableArray<string>> Texts { get; } = ListOf(Text, "a list of texts");

    public static Shape<ImmutableArray<string>> Patterns { get; } = ListOf(Pattern, "a list of regular expressions");

    public static Shape<ImmutableArray<string>> Commits { get; } = ListOf(
        new Shape<string>(
            "a commit id",
            () => new JsonObject { ["type"] = Words(["string", "number"]), ["pattern"] = "^[0-9A-Fa-f]{4,64}$" },
            value => TextOf(value) is { Length: >= 4 and <= 64 } id && id.All(char.IsAsciiHexDigit)
                ? id
                : throw new ShapeException(value, "Write all 40 digits, in quotes when they are numbers only.")),
        "a list of commit ids");

    /// <summary>Names with regular expressions, in the order of the file.</summary>
    public static Shape<ImmutableArray<KeyValuePair<string, string>>> NamedPatterns { get; } = new(
        "names with regular expressions",
        () => new JsonObject { ["type"] = "object", ["additionalProperties"] = Pattern.Schema() },
        value => value is YamlMap map ? ShapeException.ReadAll(map.Entries, x => KeyValuePair.Create(x.Key.Text, Pattern.Parse(x.Value))) : throw new ShapeException(value));

    /// <summary>A point in time; one without an offset is in UTC, so that it means the same everywhere.</summary>
    public static Shape<DateTimeOffset> Time { get; } = new(
        "a date or a time",
        () => OfType("string"),
        value => DateTimeOffset.TryParse(TextOf(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ShapeException(value, "Write, for instance, 2026-01-31T00:00:00Z."));

    /// <summary>A version or the beginning of one; a single number gets a zero behind it.</summary>
    public static Shape<string> Version { get; } = new(
        "a version",
        () => new JsonObject { ["type"] = Words(["string", "number"]) },
        value =>
        {
            var text = TextOf(value);
            if (!VersionText().IsMatch(text))
                throw new ShapeException(value, "Write, for instance, 2.0.0.");
            return text.All(char.IsAsciiDigit) ? text + ".0" : text;
        });

    /// <summary>A list of strategies, or all in one text with commas between them. Case and hyphens do not matter.</summary>
    public static Shape<VersionStrategies> Strategies { get; } = new(
        "a list of " + Choices(Enum.GetNames<VersionStrategies>()),
        () => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["enum"] = Words(Enum.GetNames<VersionStrategies>()) } },
        value =>
        {
            if (value is YamlList list)
                return ShapeException.ReadAll(list.Items, x => Choose<VersionStrategies>(x, TextOf(x))).Aggregate(VersionStrategies.None, (x, y) => x | y);
            return TextOf(value).Trim('[', ']', ' ')
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Aggregate(VersionStrategies.None, (x, y) => x | Choose<VersionStrategies>(value, y));
        });

    /// <summary>One of the names of an enumeration, as GitVersion writes them. Case and hyphens do not matter.</summary>
    public static Shape<T> Word<T>()
        where T : struct, Enum => new(
            Choices(Enum.GetNames<T>()),
            () => new JsonObject { ["enum"] = Words(Enum.GetNames<T>()) },
            value => Choose<T>(value, TextOf(value)));

    /// <summary>One of the names of an enumeration, in small letters with hyphens.</summary>
    public static Shape<T> HyphenatedWord<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(Hyphenated).ToImmutableArray();
        return new(Choices(names), () => new JsonObject { ["enum"] = Words(names) }, value => Choose<T>(value, TextOf(value)));
    }

    /// <summary>One of some names.</summary>
    public static Shape<string> OneOf(ImmutableArray<string> names) => new(
        Choices(names),
        () => new JsonObject { ["enum"] = Words(names) },
        value => names.Contains(TextOf(value)) ? TextOf(value) : throw new ShapeException(value, Suggestion.Sentence(TextOf(value), names)));

    /// <summary>The same, or null: that takes a value of the workflow away.</summary>
    public static Shape<T?> OrNull<T>(Shape<T> shape)
        where T : struct => new(shape.Words, () => WithNull(shape.Schema()), value => value.IsNull ? null : shape.Parse(value));

    /// <inheritdoc cref="OrNull{T}"/>
    public static Shape<string?> TextOrNull(Shape<string> shape) =>
        new(shape.Words, () => WithNull(shape.Schema()), value => value.IsNull ? null : shape.Parse(value));

    static Shape<ImmutableArray<string>> ListOf(Shape<string> item, string words) => new(
        words,
        () => new JsonObject { ["type"] = "array", ["items"] = item.Schema() },
        value => value is YamlList list ? ShapeException.ReadAll(list.Items, item.Parse) : throw new ShapeException(value));

    static string TextOf(YamlValue value) => value is YamlScalar { IsNull: false } scalar ? scalar.Text : throw new ShapeException(value);

    static T Choose<T>(YamlValue value, string text)
        where T : struct, Enum
    {
        foreach (var choice in Enum.GetValues<T>())
        {
            if (Letters(choice.ToString()).Equals(Letters(text), StringComparison.OrdinalIgnoreCase))
                return choice;
        }

        throw new ShapeException(value, Suggestion.Sentence(text, Enum.GetNames<T>()));
    }

    static string Letters(string text) => text.Replace("-", "", StringComparison.Ordinal);

    static string Hyphenated(string name) => string.Concat(name.Select((x, i) => i > 0 && char.IsAsciiLetterUpper(x) ? $"-{char.ToLowerInvariant(x)}" : $"{char.ToLowerInvariant(x)}"));

    static string Choices(IReadOnlyList<string> names) => $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";

    // A prefix of tags may stand before it.
    [GeneratedRegex(@"^[^0-9]*[0-9]+(?:\.[0-9]+){0,3}(?:[-+].+)?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex VersionText();

    static JsonObject OfType(string type) => new() { ["type"] = type };

    static JsonArray Words(IEnumerable<string> words) => [.. words.Select(x => (JsonNode)x)];

    static JsonObject WithNull(JsonObject schema)
    {
        if (schema["enum"] is JsonArray names)
            names.Add(null);
        else if (schema["type"] is JsonArray types)
            types.Add("null");
        else
            schema["type"] = Words([schema["type"]!.GetValue<string>(), "null"]);
        return schema;
    }
}
