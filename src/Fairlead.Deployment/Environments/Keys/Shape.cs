using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Deployment;

/// <summary>What a value looks like.</summary>
abstract record Shape
{
    Shape()
    {
    }

    /// <summary>The shape in the words of JSON Schema.</summary>
    /// <param name="reference">Gives the reference to a section, and remembers that it is needed.</param>
    public abstract JsonObject Schema(Func<KeySection, string> reference);

    static JsonArray Words(IEnumerable<string> words) => [.. words.Select(x => (JsonNode)x)];

    /// <summary>A text; YAML reads some of them as numbers or truth values.</summary>
    public sealed record Text : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["type"] = Words(["string", "number", "boolean"]) };
    }

    public sealed record Flag : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["type"] = "boolean" };
    }

    public sealed record Count(int Least, int Most) : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["type"] = "integer", ["minimum"] = Least, ["maximum"] = Most };
    }

    public sealed record Number : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["type"] = "number" };
    }

    /// <summary>Text of a form of its own: a duration, a limit, a percentage.</summary>
    public sealed record Measure(string Pattern) : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["type"] = Words(["string", "number"]), ["pattern"] = Pattern };
    }

    public sealed record Word(ImmutableArray<string> Choices) : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["enum"] = Words(Choices) };
    }

    public sealed record ListOf(Shape Item) : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["type"] = "array", ["items"] = Item.Schema(reference) };
    }

    public sealed record Section(KeySection Keys) : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["$ref"] = reference(Keys) };
    }

    public sealed record Either(ImmutableArray<Shape> Shapes) : Shape
    {
        public override JsonObject Schema(Func<KeySection, string> reference) => new() { ["anyOf"] = new JsonArray([.. Shapes.Select(x => (JsonNode)x.Schema(reference))]) };
    }
}
