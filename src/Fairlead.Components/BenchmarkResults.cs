using System.Collections.Immutable;
using System.Text.Json;

namespace Fairlead.Components;

/// <summary>Measurements of benchmarks: nanoseconds of one operation, each value of one iteration.</summary>
/// <param name="Machine">Processor and runtime, as BenchmarkDotNet names them: figures of different ones say nothing about each other.</param>
/// <param name="Results">By the full name of the benchmark with its parameters, and with its job where several ran it.</param>
public sealed record BenchmarkResults(string Machine, ImmutableSortedDictionary<string, ImmutableArray<double>> Results)
{
    static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Reads a full JSON report of BenchmarkDotNet, or a baseline.</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    public static BenchmarkResults Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.TryGetProperty("Benchmarks", out var benchmarks)
                ? new BenchmarkResults(
                    $"{Text(root.GetProperty("HostEnvironmentInfo"), "ProcessorName")}, {Text(root.GetProperty("HostEnvironmentInfo"), "RuntimeVersion")}",
                    benchmarks.EnumerateArray().GroupBy(x => Text(x, "FullName"), StringComparer.Ordinal).SelectMany(Named).ToImmutableSortedDictionary(
                        x => x.Name,
                        x => x.Benchmark.TryGetProperty("Statistics", out var statistics) && statistics.ValueKind == JsonValueKind.Object ? Numbers(statistics.GetProperty("OriginalValues")) : [],
                        StringComparer.Ordinal))
                : new BenchmarkResults(
                    Text(root, "machine"),
                    root.GetProperty("nanoseconds").EnumerateObject().ToImmutableSortedDictionary(x => x.Name, x => Numbers(x.Value), StringComparer.Ordinal));
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException("It is neither a full report of BenchmarkDotNet nor a baseline.", exception);
        }
    }

    /// <summary>Puts reports together.</summary>
    public static BenchmarkResults Join(IEnumerable<BenchmarkResults> reports)
    {
        var all = reports.ToList();
        return new BenchmarkResults(all[0].Machine, all.SelectMany(x => x.Results).DistinctBy(x => x.Key).ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>The baseline, to be kept.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("machine", Machine);
            json.WriteStartObject("nanoseconds");
            foreach (var (name, values) in Results)
            {
                json.WriteStartArray(name);
                foreach (var value in values)
                    json.WriteNumberValue(value);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    // One that several jobs ran stands there once for each of them: "Type.Method: Job-ABCDEF(Runtime=.NET 10.0)".
    static IEnumerable<(string Name, JsonElement Benchmark)> Named(IGrouping<string, JsonElement> group) =>
        group.Count() == 1 ? [(group.Key, group.First())] : group.Select(x => ($"{group.Key} ({(Text(x, "DisplayInfo").Split(": ", 2) is [_, var job] ? job : Text(x, "DisplayInfo"))})", x));

    static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    static ImmutableArray<double> Numbers(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetDouble())];
}
