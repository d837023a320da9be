using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.SupplyChain;

/// <summary>
/// Findings as SARIF 2.1.0 (OASIS), for code scanning pages and editors: one run, a rule for each advisory or rule, what does not count as a <c>suppression</c> (section 3.35) with its reason.
/// </summary>
static class SarifReport
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The whole document, ended with a line feed.</summary>
    public static string Text(IReadOnlyList<Finding> findings)
    {
        var rules = findings.GroupBy(x => x.Id, StringComparer.Ordinal).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => x.MaxBy(y => y.Severity)!).ToList();
        var index = rules.Select((x, i) => (x.Id, i)).ToDictionary(x => x.Id, x => x.i, StringComparer.Ordinal);
        var document = new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "Fairlead scan",
                        ["fullName"] = "Trivy, judged by the policy of the repository",
                        ["version"] = $"{typeof(SarifReport).Assembly.GetName().Version}",
                        ["informationUri"] = "https://trivy.dev/",
                        ["rules"] = new JsonArray([.. rules.Select(Rule)]),
                    },
                },
                ["results"] = new JsonArray([.. findings.Select(x => (JsonNode)Result(x, index[x.Id]))]),
                ["columnKind"] = "utf16CodeUnits",
            }),
        };
        return document.ToJsonString(Indented) + "\n";
    }

    static JsonNode Rule(Finding finding)
    {
        var rule = new JsonObject
        {
            ["id"] = finding.Id,
            ["shortDescription"] = new JsonObject { ["text"] = Sentence(finding.Title) },
            ["defaultConfiguration"] = new JsonObject { ["level"] = Level(finding.Severity) },
            ["properties"] = new JsonObject
            {
                ["security-severity"] = Score(finding.Severity),
                ["tags"] = new JsonArray(finding.Package is null ? "security" : "vulnerability", SeverityFigures.Name(finding.Severity)),
            },
        };
        if (finding.Url is { } url && Uri.TryCreate(url, UriKind.Absolute, out _))
            rule["helpUri"] = url;
        return rule;
    }

    static JsonObject Result(Finding finding, int rule)
    {
        var location = new JsonObject
        {
            ["artifactLocation"] = new JsonObject { ["uri"] = string.Join('/', finding.File.Split('/').Select(Uri.EscapeDataString)) },
            // Pages that show results want a line; what is about a whole file shows at its top.
            ["region"] = new JsonObject { ["startLine"] = finding.Line ?? 1 },
        };
        var result = new JsonObject
        {
            ["ruleId"] = finding.Id,
            ["ruleIndex"] = rule,
            ["level"] = Level(finding.Severity),
            ["message"] = new JsonObject { ["text"] = Message(finding) },
            ["locations"] = new JsonArray(new JsonObject { ["physicalLocation"] = location }),
        };
        // The array is there or not for all results of a run alike (section 3.27.23).
        result["suppressions"] = finding.State == FindingState.Open
            ? new JsonArray()
            : new JsonArray(new JsonObject { ["kind"] = "external", ["status"] = "accepted", ["justification"] = finding.Because ?? "" });
        return result;
    }

    static string Message(Finding finding) => Sentence(finding.Package is null
        ? finding.Title
        : string.Create(CultureInfo.InvariantCulture, $"{finding.Package} {finding.Installed} ({(finding.FixedIn is { } mended ? $"mended in {mended}" : "not mended yet")}): {finding.Title}"));

    static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    static string Level(Severity severity) => severity switch
    {
        Severity.Critical or Severity.High => "error",
        Severity.Medium => "warning",
        _ => "note",
    };

    /// <summary>The middle of the ranges of CVSS v3.1 section 5, where only the word is known.</summary>
    static string Score(Severity severity) => severity switch
    {
        Severity.Critical => "9.5",
        Severity.High => "8.0",
        Severity.Medium => "5.5",
        Severity.Low => "2.0",
        _ => "0.0",
    };
}
