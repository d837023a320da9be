using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>How a release was built: the predicate of SLSA's provenance, version 1 (slsa.dev, "Build: Provenance").</summary>
public sealed record BuildProvenance
{
    /// <summary>What the members of <see cref="Parameters"/> mean; docs/signing.md describes it.</summary>
    public const string BuildType = "urn:fairlead:build:v1";

    /// <summary>Where the sources are, without credentials (<c>https://…</c>); null when no remote is known.</summary>
    public string? Repository { get; init; }

    /// <summary>Full id of the commit.</summary>
    public required string Commit { get; init; }

    /// <summary>The branch or tag that was built (<c>refs/heads/main</c>); null on a detached head.</summary>
    public string? Reference { get; init; }

    /// <summary>What was asked for from outside: targets and parameters. Nothing secret.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Who built: a URI that stands for the kind of machine and who controls it.</summary>
    public required string Builder { get; init; }

    /// <summary>Versions of what the builder itself used (<c>fairlead</c>, <c>dotnet</c>).</summary>
    public ImmutableSortedDictionary<string, string> BuilderVersions { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The run of the build, as its server calls it; null on a machine that keeps none.</summary>
    public string? Invocation { get; init; }

    /// <summary>When the build began.</summary>
    public required DateTimeOffset StartedOn { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset FinishedOn { get; init; }

    /// <summary>The statement about files.</summary>
    /// <param name="subjects">SHA-256 in lower-case hexadecimal, by name of the file.</param>
    public InTotoStatement About(IReadOnlyList<KeyValuePair<string, string>> subjects)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            WriteDefinition(json);
            WriteRun(json);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return new InTotoStatement(InTotoStatement.Provenance, subjects, document.RootElement.Clone());
    }

    void WriteDefinition(Utf8JsonWriter json)
    {
        json.WriteStartObject("buildDefinition");
        json.WriteString("buildType", BuildType);
        json.WriteStartObject("externalParameters");
        foreach (var (name, value) in Parameters)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartObject("internalParameters");
        json.WriteEndObject();
        json.WriteStartArray("resolvedDependencies");
        json.WriteStartObject();
        json.WriteString("uri", Repository is null ? $"gitoid:commit:sha1:{Commit}" : $"git+{Repository}{(Reference is null ? "" : $"@{Reference}")}");
        json.WriteStartObject("digest");
        json.WriteString("gitCommit", Commit);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    void WriteRun(Utf8JsonWriter json)
    {
        json.WriteStartObject("runDetails");
        json.WriteStartObject("builder");
        json.WriteString("id", Builder);
        json.WriteStartObject("version");
        foreach (var (name, version) in BuilderVersions)
            json.WriteString(name, version);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        if (Invocation is not null)
            json.WriteString("invocationId", Invocation);
        json.WriteString("startedOn", Time(StartedOn));
        json.WriteString("finishedOn", Time(FinishedOn));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
