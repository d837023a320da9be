using System.Collections.Immutable;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>
/// Trivy's JSON report, schema version 2, as every release from 0.20 writes it; what newer ones add (identifiers, fingerprints) is not needed.
/// </summary>
/// <param name="NuGetFiles">Number of files with NuGet packages that were read.</param>
/// <param name="NuGetPackages">Number of different NuGet packages in them.</param>
/// <param name="Findings">Vulnerabilities and secrets, the gravest first.</param>
sealed record TrivyReport(int NuGetFiles, int NuGetPackages, ImmutableArray<Finding> Findings)
{
    const int SchemaVersion = 2;

    /// <exception cref="JsonException">Not JSON, or not a report of this schema version.</exception>
    public static TrivyReport Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("SchemaVersion", out var schema) || schema.GetInt32() != SchemaVersion)
                throw new JsonException($"It is not a Trivy report of schema version {SchemaVersion}.");

            // Absent both when nothing was found and when nothing was looked at.
            var results = Items(root, "Results");
            var nuget = results.Where(x => Text(x, "Class") == "lang-pkgs" && Text(x, "Type") is "nuget" or "dotnet-core" or "packages-props").ToList();
            // Without --list-all-pkgs only the vulnerable ones are named.
            var packages = nuget.SelectMany(x => Items(x, "Packages")).Select(x => $"{Text(x, "Name")}@{Text(x, "Version")}")
                .Concat(nuget.SelectMany(x => Items(x, "Vulnerabilities")).Select(x => $"{Text(x, "PkgName")}@{Text(x, "InstalledVersion")}"))
                .Distinct(StringComparer.OrdinalIgnoreCase);
            return new TrivyReport(
                nuget.Count,
                packages.Count(),
                [.. results.SelectMany(ReadFindings).OrderByDescending(x => x.Severity).ThenBy(x => x.Id, StringComparer.Ordinal).ThenBy(x => x.Where, StringComparer.Ordinal)]);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException("It does not have the form of a Trivy report.", exception);
        }
    }

    static IEnumerable<Finding> ReadFindings(JsonElement result)
    {
        var target = Text(result, "Target") ?? "";
        foreach (var x in Items(result, "Vulnerabilities"))
        {
            var mended = Text(x, "FixedVersion") is { Length: > 0 } version ? $", mended in {version}" : ", not mended yet";
            yield return new Finding(
                ReadSeverity(x), Text(x, "VulnerabilityID") ?? "", target, $"{Text(x, "PkgName")} {Text(x, "InstalledVersion")}{mended}: {Text(x, "Title") ?? "(no title)"}");
        }

        foreach (var x in Items(result, "Secrets"))
        {
            var line = x.TryGetProperty("StartLine", out var start) ? $":{start.GetInt32()}" : "";
            yield return new Finding(ReadSeverity(x), Text(x, "RuleID") ?? "", target + line, $"Secret in the sources: {Text(x, "Title")}");
        }
    }

    static Severity ReadSeverity(JsonElement element) => Text(element, "Severity") switch
    {
        "CRITICAL" => Severity.Critical,
        "HIGH" => Severity.High,
        "MEDIUM" => Severity.Medium,
        "LOW" => Severity.Low,
        _ => Severity.Unknown,
    };

    static List<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) && items.ValueKind != JsonValueKind.Null ? [.. items.EnumerateArray()] : [];

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
