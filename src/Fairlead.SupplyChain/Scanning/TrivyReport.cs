using System.Collections.Immutable;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>
/// Trivy's JSON report, schema version 2, as every release from 0.20 writes it; what newer ones add is read where it is there.
/// </summary>
/// <param name="Results">What was looked at. Absent files were either clean or not looked at: for that there are canaries and counts.</param>
sealed record TrivyReport(ImmutableArray<TrivyReport.Result> Results)
{
    const int SchemaVersion = 2;

    /// <summary>Of an image, the platform that was looked at (<c>linux/arm64</c>), where the report says it; otherwise null.</summary>
    public string? Platform { get; init; }

    /// <summary>What was found in one file, or in the packages of one system.</summary>
    /// <param name="Target">The file, or the image and its system.</param>
    /// <param name="Class"><c>lang-pkgs</c>, <c>os-pkgs</c>, <c>config</c>, <c>secret</c>.</param>
    /// <param name="Type">The kind of file: <c>nuget</c>, <c>dockerfile</c>.</param>
    /// <param name="Packages">The packages, as name@version.</param>
    /// <param name="Findings">The findings, in the report's order.</param>
    public sealed record Result(string Target, string Class, string Type, ImmutableArray<string> Packages, ImmutableArray<Finding> Findings);

    /// <exception cref="JsonException">Not JSON, or not a report of this schema version.</exception>
    public static TrivyReport Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("SchemaVersion", out var schema) || schema.GetInt32() != SchemaVersion)
                throw new JsonException($"It is not a Trivy report of schema version {SchemaVersion}.");
            return new TrivyReport([.. Items(root, "Results").Select(ReadResult)]) { Platform = ReadPlatform(root) };
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException("It does not have the form of a Trivy report.", exception);
        }
    }

    static string? ReadPlatform(JsonElement root) =>
        root.TryGetProperty("Metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("ImageConfig", out var image) && image.ValueKind == JsonValueKind.Object
        && Text(image, "os") is { Length: > 0 } system && Text(image, "architecture") is { Length: > 0 } architecture
            ? $"{system}/{architecture}"
            : null;

    static Result ReadResult(JsonElement result)
    {
        var target = Text(result, "Target") ?? "";
        var type = Text(result, "Type") ?? "";
        var vulnerabilities = Items(result, "Vulnerabilities");
        // Without --list-all-pkgs only the vulnerable ones are named.
        var packages = Items(result, "Packages").Select(x => $"{Text(x, "Name")}@{Text(x, "Version")}")
            .Concat(vulnerabilities.Select(x => $"{Text(x, "PkgName")}@{Text(x, "InstalledVersion")}"));
        return new Result(
            target,
            Text(result, "Class") ?? "",
            type,
            [.. packages.Distinct(StringComparer.OrdinalIgnoreCase)],
            [
                .. vulnerabilities.Select(x => Vulnerability(x, target, type)),
                .. Items(result, "Secrets").Select(x => Secret(x, target)),
                .. Items(result, "Misconfigurations").Where(x => Text(x, "Status") is null or "FAIL").Select(x => Misconfiguration(x, target)),
            ]);
    }

    static Finding Vulnerability(JsonElement x, string target, string type)
    {
        var package = Text(x, "PkgName") ?? "";
        var installed = Text(x, "InstalledVersion") ?? "";
        // In an image, one result has the packages of many places.
        var path = Text(x, "PkgPath");
        return new Finding(ReadSeverity(x), Text(x, "VulnerabilityID") ?? "", string.IsNullOrEmpty(path) ? target : path, Text(x, "Title") is { Length: > 0 } title ? title : "(no title)")
        {
            Package = package,
            Installed = installed,
            FixedIn = Text(x, "FixedVersion") is { Length: > 0 } mended ? mended : null,
            Purl = (x.TryGetProperty("PkgIdentifier", out var identifier) && identifier.ValueKind == JsonValueKind.Object ? Text(identifier, "PURL") : null) ?? PackageUrls.Of(type, package, installed),
            Url = Text(x, "PrimaryURL"),
            Aliases = [.. Items(x, "VendorIDs").Select(y => y.GetString()).OfType<string>()],
        };
    }

    // Match and Code hold the line with the secret, masked by Trivy; nobody needs them, so they are not even read.
    static Finding Secret(JsonElement x, string target) =>
        new(ReadSeverity(x), Text(x, "RuleID") ?? "", target, $"Secret: {Text(x, "Title")}") { Line = Number(x, "StartLine") };

    static Finding Misconfiguration(JsonElement x, string target) =>
        new(ReadSeverity(x), Text(x, "ID") ?? "", target, (Text(x, "Message") is { Length: > 0 } message ? message : Text(x, "Title")) ?? "(no title)")
        {
            Line = x.TryGetProperty("CauseMetadata", out var cause) && cause.ValueKind == JsonValueKind.Object && Number(cause, "StartLine") is > 0 and var line ? line : null,
            Url = Text(x, "PrimaryURL"),
            Aliases = Text(x, "AVDID") is { Length: > 0 } avd ? [avd] : [],
        };

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

    static int? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt32() : null;
}
