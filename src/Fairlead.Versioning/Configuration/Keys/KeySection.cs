using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>The keys of one kind of map.</summary>
/// <typeparam name="T">What the map is read into.</typeparam>
/// <param name="Keys">Its keys.</param>
sealed record KeySection<T>(ImmutableArray<Key<T>> Keys)
{
    /// <summary>Puts every value of a map into what it belongs to. Unknown keys are mistakes.</summary>
    public T Apply(T owner, YamlMap map, FileReading reading)
    {
        foreach (var (name, value) in map.Entries)
        {
            if (Keys.FirstOrDefault(x => x.Name == name.Text) is { } key)
                owner = key.Apply(owner, value, reading);
            else
                reading.Report(name, $"There is no key '{name.Text}' here.", Remedy(name.Text));
        }

        return owner;
    }

    /// <summary>The keys as a key of their own that stands above them. Without a value it says nothing.</summary>
    public Key<TOwner> As<TOwner>(string name, string description, Func<TOwner, T> get, Func<TOwner, T, TOwner> set) =>
        new(name, "keys with values", description, Schema, (owner, value, reading) =>
        {
            if (value is YamlMap map)
                return set(owner, Apply(get(owner), map, reading));
            if (!value.IsNull)
                reading.Report(value, $"'{name}' must be keys with values.", $"Write one below '{name}:', indented: {Names()}.");
            return owner;
        });

    /// <summary>The section in the words of JSON Schema.</summary>
    public JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var key in Keys)
        {
            var schema = key.Schema();
            schema.Insert(0, "description", key.Description);
            properties[key.Name] = schema;
        }

        return new JsonObject { ["type"] = Types("object", "null"), ["properties"] = properties, ["additionalProperties"] = false };
    }

    string Remedy(string typed) => Suggestion.Sentence(typed, Keys.Select(x => x.Name)) ?? $"The keys are: {Names()}.";

    string Names() => string.Join(", ", Keys.Select(x => x.Name));

    static JsonArray Types(params ReadOnlySpan<string> types) => [.. types.ToArray().Select(x => (JsonNode)x)];
}
