using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// Findings that are planted beside what is scanned, in the same call: a scanner that does not find them would not have found anything else. Trivy reports only
/// what it finds, so silence alone proves nothing.
/// </summary>
/// <param name="Directory">The directory that they are in, relative to the scanned one. Its name cannot be known before.</param>
sealed record Canaries(string Directory)
{
    // An advisory that every database knows since 2022: GHSA-5crp-9r3c-p9vr, later CVE-2024-21907.
    const string Package = "Newtonsoft.Json";
    const string Version = "12.0.1";

    /// <summary>Plants them.</summary>
    public static Canaries Plant(AbsolutePath root)
    {
        var canaries = new Canaries($"canary-{Guid.NewGuid():N}");
        var directory = (root / canaries.Directory).CreateDirectory();
        // Never a real one, and never the same: made here, of random letters.
        var token = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 36);
        File.WriteAllText(directory / "settings.txt", $"token = \"ghp_{token}\"\n");
        File.WriteAllText(directory / "Dockerfile", "FROM debian:latest\nUSER root\n");
        File.WriteAllText(
            directory / "packages.lock.json",
            $$"""{ "version": 1, "dependencies": { "net10.0": { "{{Package}}": { "type": "Direct", "requested": "[{{Version}}, )", "resolved": "{{Version}}", "contentHash": "none" } } } }""");
        return canaries;
    }

    /// <summary>Why the report cannot be trusted for a kind of finding; null when its canary was found.</summary>
    public string? Missing(ScanPart part, TrivyReport report)
    {
        var findings = report.Results.Where(x => x.Target.StartsWith($"{Directory}/", StringComparison.Ordinal)).ToList();
        return part switch
        {
            ScanPart.Secrets => findings.Any(x => x.Class == "secret" && !x.Findings.IsEmpty)
                ? null
                : "Trivy did not find a token that was planted for it, so it would not have found any other secret either.",
            ScanPart.Configuration => findings.Any(x => x.Class == "config" && !x.Findings.IsEmpty)
                ? null
                : "Trivy did not find the mistakes of a Dockerfile that was planted for it, so it would not have found any others either.",
            _ => findings.Any(x => x.Class == "lang-pkgs" && !x.Findings.IsEmpty)
                ? null
                : $"Trivy's vulnerability database does not know that {Package} {Version} is vulnerable, as every one should: it is empty or damaged. Delete it ('trivy clean --vuln-db', or 'trivy --reset'), and scan again.",
        };
    }
}
