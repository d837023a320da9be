using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.SupplyChain;

/// <summary>The shapes that values of <c>security.yml</c> and <c>tools.lock.json</c> have.</summary>
static class PolicyShapes
{
    static readonly ImmutableArray<string> Severities = ["low", "medium", "high", "critical"];

    public static Shape<string> Text { get; } = new("a text", () => new JsonObject { ["type"] = Words(["string", "number", "boolean"]) }, TextOf);

    public static Shape<ImmutableArray<string>> Texts { get; } = new(
        "a list of texts",
        () => new JsonObject { ["type"] = "array", ["items"] = Text.Schema() },
        value => value is YamlList list ? ShapeException.ReadAll(list.Items, TextOf) : throw new ShapeException(value));

    public static Shape<bool> Flag { get; } = new("true or false", () => new JsonObject { ["type"] = "boolean" }, value => TextOf(value) switch
    {
        "true" => true,
        "false" => false,
        _ => throw new ShapeException(value),
    });

    public static Shape<Severity> Severity { get; } = new(
        "low, medium, high or critical",
        () => new JsonObject { ["enum"] = Words(Severities) },
        value => Severities.IndexOf(TextOf(value)) is >= 0 and var index
            ? (Severity)(index + 1)
            : throw new ShapeException(value, Suggestion.Sentence(TextOf(value), Severities)));

    /// <summary>A number of days, hours or weeks.</summary>
    public static Shape<TimeSpan> Age { get; } = new(
        "an age like 7d, 36h or 2w",
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^[1-9][0-9]{0,3}(h|d|w)$" },
        value =>
        {
            var text = TextOf(value);
            if (text.Length is < 2 or > 5 || text[0] == '0' || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw new ShapeException(value);
            return text[^1] switch
            {
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                'w' => TimeSpan.FromDays(7 * number),
                _ => throw new ShapeException(value),
            };
        });

    public static Shape<DateOnly> Day { get; } = new(
        "a day like 2026-12-31",
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
        value => DateOnly.TryParseExact(TextOf(value), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new ShapeException(value));

    /// <summary>Lower-case hexadecimal digits of a SHA-256.</summary>
    public static Shape<string> Sha256 { get; } = new(
        "a SHA-256 in 64 hexadecimal digits",
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9a-f]{64}$" },
        value => TextOf(value) is { Length: 64 } text && text.All(char.IsAsciiHexDigitLower) ? text : throw new ShapeException(value, "Small letters, as sha256sum prints it."));

    /// <summary>An integrity as npm writes it.</summary>
    public static Shape<string> Integrity { get; } = new(
        "an integrity like sha512-…== as npm writes it",
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^sha512-[A-Za-z0-9+/]{86}==$" },
        value => TextOf(value) is { Length: 95 } text && text.StartsWith("sha512-", StringComparison.Ordinal) && Convert.TryFromBase64String(text[7..], new byte[64], out var length) && length == 64
            ? text
            : throw new ShapeException(value, "'npm view NAME@VERSION dist.integrity' prints it."));

    /// <summary>An address of a file, over https.</summary>
    public static Shape<string> Address { get; } = new(
        "an address that begins with https://",
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^https://." },
        value => Uri.TryCreate(TextOf(value), UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Host.Length > 0 ? TextOf(value) : throw new ShapeException(value));

    static string TextOf(YamlValue value) => value is YamlScalar { IsNull: false, Text.Length: > 0 } scalar ? scalar.Text : throw new ShapeException(value);

    static JsonArray Words(IEnumerable<string> words) => [.. words.Select(x => (JsonNode)x)];
}
