using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>What is said about files, by name and digest (in-toto attestation framework, statement version 1).</summary>
/// <param name="PredicateType">What kind of thing is said.</param>
/// <param name="Subjects">SHA-256 in lower-case hexadecimal, by name of the file.</param>
/// <param name="Predicate">What is said.</param>
public sealed record InTotoStatement(string PredicateType, IReadOnlyList<KeyValuePair<string, string>> Subjects, JsonElement Predicate)
{
    /// <summary>The type of a statement of version 1.</summary>
    public const string Type = "https://in-toto.io/Statement/v1";

    /// <summary>SLSA's provenance, version 1.</summary>
    public const string Provenance = "https://slsa.dev/provenance/v1";

    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">It is no statement of version 1.</exception>
    public static InTotoStatement Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.GetProperty("_type").GetString() != Type)
                throw new JsonException("It is no in-toto statement of version 1.");
            return new InTotoStatement(
                root.GetProperty("predicateType").GetString() ?? "",
                [.. root.GetProperty("subject").EnumerateArray().Select(x => KeyValuePair.Create(x.GetProperty("name").GetString()!, x.GetProperty("digest").GetProperty("sha256").GetString()!))],
                root.GetProperty("predicate").Clone());
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            throw new JsonException($"It does not have the form of an in-toto statement: {exception.Message}", exception);
        }
    }

    /// <summary>The statement as it is signed.</summary>
    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("_type", Type);
            json.WriteStartArray("subject");
            foreach (var (name, digest) in Subjects)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteStartObject("digest");
                json.WriteString("sha256", digest);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("predicateType", PredicateType);
            json.WritePropertyName("predicate");
            Predicate.WriteTo(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
