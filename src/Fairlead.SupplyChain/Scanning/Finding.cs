using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.SupplyChain;

/// <summary>Something that a scanner found. It never holds a secret itself, only where it is.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Id">The advisory (<c>CVE-…</c>, <c>GHSA-…</c>) or rule.</param>
/// <param name="File">The file, relative to the scanned directory, or the image and what is in it.</param>
/// <param name="Title">What it is.</param>
public sealed record Finding(
    [property: JsonConverter(typeof(JsonStringEnumConverter<Severity>))] Severity Severity,
    string Id,
    string File,
    string Title)
{
    /// <summary>The line, from 1, where one is known.</summary>
    public int? Line { get; init; }

    /// <summary>Name of the vulnerable package.</summary>
    public string? Package { get; init; }

    /// <summary>Its installed version.</summary>
    public string? Installed { get; init; }

    /// <summary>The version, or versions, that mend it; null when there is none yet.</summary>
    public string? FixedIn { get; init; }

    /// <summary>The package's URL in the sense of purl-spec, as the scanner or this reader made it.</summary>
    public string? Purl { get; init; }

    /// <summary>Where to read more.</summary>
    public string? Url { get; init; }

    /// <summary>Other names of the same: the long form of a rule, the CVE of a GHSA.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>What became of it.</summary>
    public FindingState State { get; init; }

    /// <summary>Why it does not count: reason, owner and end of an exception, or what a VEX document says. Null when it counts.</summary>
    public string? Because { get; init; }

    /// <summary>The file with its line.</summary>
    [JsonIgnore]
    public string Where => Line is { } line ? $"{File}:{line}" : File;

    /// <summary>The same with everything that strangers wrote fit for a line of output.</summary>
    internal Finding Printable() => this with
    {
        Id = SupplyChain.Printable.Line(Id),
        File = SupplyChain.Printable.Line(File),
        Title = SupplyChain.Printable.Line(Title),
        Package = Package is null ? null : SupplyChain.Printable.Line(Package),
        Installed = Installed is null ? null : SupplyChain.Printable.Line(Installed),
        FixedIn = FixedIn is null ? null : SupplyChain.Printable.Line(FixedIn),
        Purl = Purl is null ? null : SupplyChain.Printable.Line(Purl),
        Url = Url is null ? null : SupplyChain.Printable.Line(Url),
        Aliases = [.. Aliases.Select(SupplyChain.Printable.Line)],
        Because = Because is null ? null : SupplyChain.Printable.Line(Because),
    };

    /// <summary>All names of it.</summary>
    [JsonIgnore]
    public IEnumerable<string> Ids => Aliases.Prepend(Id);

    /// <summary>What is one thing to mend, however often it shows: an advisory for a package, or a rule at a place.</summary>
    [JsonIgnore]
    public (string Id, string Subject) Cause => (Id, Package is null ? Where : $"{Package} {Installed}");
}
