using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// Command lines of Trivy, in options that 0.44 and the current releases both take. It exits with 0 whatever it finds: the gate is here. Nothing in the
/// scanned tree or in the environment may weaken a scan: configuration, ignore and secret files are our own, it starts in a directory of our own, and only those
/// variables reach it that say where things are.
/// </summary>
/// <param name="Program">The program.</param>
/// <param name="Version">Its version, as far as it is known.</param>
/// <param name="Work">A directory of our own.</param>
/// <param name="Cache">Where Trivy keeps its database.</param>
sealed record TrivyCommand(string Program, Version? Version, AbsolutePath Work, AbsolutePath Cache)
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    static readonly Version Renamed = new(0, 48);

    /// <summary>Variables that say where things are and who may fetch them, and nothing about what counts.</summary>
    static readonly ImmutableHashSet<string> Harmless =
    [
        "TRIVY_DB_REPOSITORY", "TRIVY_JAVA_DB_REPOSITORY", "TRIVY_USERNAME", "TRIVY_PASSWORD", "TRIVY_REGISTRY_TOKEN", "TRIVY_INSECURE", "TRIVY_NON_SSL", "TRIVY_AUTH_URL",
        "TRIVY_GITHUB_TOKEN",
    ];

    /// <summary>The report of a command.</summary>
    public AbsolutePath Report => Work / "report.json";

    /// <summary>The checks come with the program, whose digest is pinned; they are not fetched anew by each scan.</summary>
    ImmutableSortedDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["TRIVY_SKIP_POLICY_UPDATE"] = "true",
        ["TRIVY_SKIP_CHECK_UPDATE"] = "true",
        ["TRIVY_SKIP_VERSION_CHECK"] = "true",
        ["TRIVY_DISABLE_TELEMETRY"] = "true",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The same without the variables of an environment that could weaken a scan, and without the build's credentials.</summary>
    public TrivyCommand Without(IReadOnlyCollection<string> variables) => this with
    {
        Environment = Environment
            .SetItems(variables
                .Where(x => x.StartsWith("TRIVY_", StringComparison.OrdinalIgnoreCase) && !Harmless.Contains(x) && !Environment.ContainsKey(x))
                .Select(x => KeyValuePair.Create(x, (string?)null)))
            .SetItems(Credentials.Removed(variables, Harmless.Contains)),
    };

    /// <summary>Asks for the version.</summary>
    public ToolCommand AskVersion() => ToolCommand.Of(Program, "--version") with { Timeout = TimeSpan.FromMinutes(1), WorkingDirectory = Work, Environment = Environment };

    /// <summary>Writes the files that the commands name.</summary>
    public void Prepare()
    {
        // Copies of what is scanned and reports with secrets in them lie here for a while.
        if (OperatingSystem.IsWindows())
            Work.CreateDirectory();
        else
            System.IO.Directory.CreateDirectory(Work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Cache.CreateDirectory();
        File.WriteAllText(Work / "trivy.yaml", "{}\n");
        File.WriteAllText(Work / "ignore", "");
        // Trivy itself passes over these; a secret in a test or a document is as public as any other.
        File.WriteAllText(Work / "secrets.yaml", "disable-allow-rules:\n  - tests\n  - examples\n  - vendor\n  - markdown\n");
    }

    /// <summary>Scans a directory.</summary>
    public ToolCommand Directory(AbsolutePath directory, IEnumerable<ScanPart> parts, bool skipDatabaseUpdate = false) =>
        Command("fs", string.Join(',', parts.Select(Scanner)), skipDatabaseUpdate, directory);

    /// <summary>Scans a directory for what is installed in it: modules with their own description, Java archives, programs that know what they are made of. 'fs' passes over these.</summary>
    public ToolCommand Installed(AbsolutePath directory, bool skipDatabaseUpdate = false) => Command("rootfs", "vuln", skipDatabaseUpdate, directory);

    /// <summary>Scans an image in a registry, or the layout or archive of one.</summary>
    public ToolCommand Image(string image, bool skipDatabaseUpdate = false)
    {
        // The registry and not the engine of this machine: it is the one that others will get.
        string[] target = Path.IsPathFullyQualified(image) ? ["--input", image] : ["--image-src", "remote", image];
        return Command("image", "vuln,secret", skipDatabaseUpdate, target);
    }

    /// <summary>Writes the report that was made last as a bill of materials in CycloneDX.</summary>
    public ToolCommand Convert(AbsolutePath bill) => new(Program, ["convert", "--format", "cyclonedx", "--config", Work / "trivy.yaml", "--output", bill, Report])
    {
        WorkingDirectory = Work,
        Timeout = Limit,
        Environment = Environment,
    };

    string Scanner(ScanPart part) => part switch
    {
        ScanPart.Dependencies => "vuln",
        ScanPart.Secrets => "secret",
        // The old name is still taken by releases after 0.48, with a warning.
        _ => Version is null || Version < Renamed ? "config" : "misconfig",
    };

    ToolCommand Command(string verb, string scanners, bool skipDatabaseUpdate, params IEnumerable<string> target) => new(
        Program,
        [
            verb, "--scanners", scanners, "--format", "json", "--list-all-pkgs", "--no-progress", "--exit-code", "0", "--severity", "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL",
            "--config", Work / "trivy.yaml", "--ignorefile", Work / "ignore", "--secret-config", Work / "secrets.yaml", "--cache-dir", Cache, "--timeout", "14m", "--output", Report,
            .. skipDatabaseUpdate ? ["--skip-db-update"] : Array.Empty<string>(),
            .. target,
        ])
    {
        WorkingDirectory = Work,
        Timeout = Limit,
        Environment = Environment,
    };
}
