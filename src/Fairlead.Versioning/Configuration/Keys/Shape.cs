using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Fairlead.Versioning;

/// <summary>What the value of a key looks like.</summary>
/// <typeparam name="T">What it is read into.</typeparam>
/// <param name="Words">What the value must be, to be read after "must be".</param>
/// <param name="Schema">The shape in the words of JSON Schema.</param>
/// <param name="Parse">Reads a value. Throws <see cref="ShapeException"/> when it has another shape.</param>
sealed record Shape<T>(string Words, Func<JsonObject> Schema, Func<YamlValue, T> Parse)
{
    /// <summary>Reads the value of a key, or reports why that does not go.</summary>
    public bool TryRead(string key, YamlValue value, FileReading reading, [MaybeNullWhen(false)] out T result)
    {
        try
        {
            result = Parse(value);
            return true;
        }
        catch (ShapeException exception)
        {
            foreach (var (where, remedy) in exception.Mistakes)
                reading.Report(where, $"'{key}' must be {Words}.", remedy);
            result = default;
            return false;
        }
    }
}
