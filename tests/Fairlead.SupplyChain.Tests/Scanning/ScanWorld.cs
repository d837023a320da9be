using System.Text.Json.Nodes;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

/// <summary>A repository without git, and a pretended Trivy that finds the canaries and what a test says.</summary>
sealed class ScanWorld : IDisposable
{
    public const string Lock = """{ "Target": "sources/src/packages.lock.json", "Class": "lang-pkgs", "Type": "nuget", "Packages": [ { "Name": "A", "Version": "1.0.0" }, { "Name": "B", "Version": "2.0.0" } ] }""";

    readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public ScanWorld()
    {
        Directory = AbsolutePath.Create(System.IO.Directory.CreateTempSubdirectory("fairlead-scan-").FullName);
        Root = (Directory / "repository").CreateDirectory();
        var bin = (Directory / "bin").CreateDirectory();
        File.WriteAllText(bin / "trivy", "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bin / "trivy", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _environment["PATH"] = bin;
        _environment["TRIVY_CACHE_DIR"] = Directory / "cache";
        _environment["HOME"] = Directory / "home";
        Database(TimeSpan.FromDays(1));
        Write("src/A.cs", "class A;");
        Processes
            .When(x => x.Tool == "git", _ => new ProcessResult(128, [], TimeSpan.Zero))
            .When(x => x.Arguments is ["--version"], 0, "Version: 0.69.3", "more")
            .When(x => x.Arguments[0] is "fs" or "image" or "rootfs", Scan)
            .When(x => x.Arguments[0] == "convert");
    }

    public AbsolutePath Directory { get; }

    public AbsolutePath Root { get; }

    public ManualTimeProvider Time { get; } = new();

    public FakeProcessRunner Processes { get; } = new();

    public List<string> Log { get; } = [];

    public SecurityPolicy Policy { get; set; } = new();

    public List<string> Results { get; } = [Lock];

    /// <summary>What a look at what is installed finds, in place of the other results.</summary>
    public List<string> InstalledResults { get; } = [];

    /// <summary>Of reports of images.</summary>
    public string? Metadata { get; set; }

    /// <summary>The indexes of the layouts that were scanned.</summary>
    public List<string> Layouts { get; } = [];

    /// <summary>Classes of findings whose canaries are not found.</summary>
    public HashSet<string> Blind { get; } = [];

    /// <summary>What Trivy says at the end instead of writing a report, by command; null for none.</summary>
    public Func<ToolCommand, string?> Fails { get; set; } = _ => null;

    public string? RawReport { get; set; }

    /// <summary>The files of the scanned copy, by the last command.</summary>
    public Dictionary<string, string> Copied { get; } = [];

    public IReadOnlyList<ToolCommand> Scans => [.. Processes.Commands.Where(x => x.Arguments[0] is "fs" or "image")];

    public DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    public ScanSettings Settings => new()
    {
        Root = Root,
        TemporaryDirectory = Directory / "temp",
        Processes = Processes,
        Environment = _environment,
        Policy = Policy,
        Time = Time,
        Log = Log.Add,
    };

    public void Set(string variable, string value) => _environment[variable] = value;

    public void Write(string file, string text) => AtomicFile.Write(Root / file, text);

    public void Database(TimeSpan age) => AtomicFile.Write(
        Directory / "cache" / "db" / "metadata.json", $$"""{"Version":2,"NextUpdate":"2099-01-01T00:00:00Z","UpdatedAt":"{{Time.GetUtcNow() - age:O}}"}""");

    public async Task<PartResult> JudgeAsync(ScanPart part, RestoredPackages? restored = null) =>
        (await SourceScan.RunAsync(Settings, [ScanPart.Dependencies, ScanPart.Secrets, ScanPart.Configuration])).Judge(part, restored);

    public static string Vulnerable(string id, string severity, string package = "A", string version = "1.0.0", string? mended = "1.0.1", string file = "src/packages.lock.json") => $$"""
        { "Target": "sources/{{file}}", "Class": "lang-pkgs", "Type": "nuget", "Packages": [ { "Name": "{{package}}", "Version": "{{version}}" } ],
          "Vulnerabilities": [ { "VulnerabilityID": "{{id}}", "PkgName": "{{package}}", "InstalledVersion": "{{version}}", "FixedVersion": "{{mended}}", "Severity": "{{severity}}", "Title": "bad" } ] }
        """;

    public static string Secret(string file) =>
        $$"""{ "Target": "sources/{{file}}", "Class": "secret", "Secrets": [ { "RuleID": "github-pat", "Severity": "CRITICAL", "Title": "GitHub token", "StartLine": 7, "Match": "ghp_verysecret", "Code": { "Lines": [ { "Content": "ghp_verysecret" } ] } } ] }""";

    public static string Misconfigured(string file, string type = "dockerfile", string severity = "HIGH") =>
        $$"""{ "Target": "sources/{{file}}", "Class": "config", "Type": "{{type}}", "Misconfigurations": [ { "ID": "DS002", "AVDID": "AVD-DS-0002", "Title": "root", "Message": "Specify a USER", "Severity": "{{severity}}", "Status": "FAIL", "CauseMetadata": { "StartLine": 2, "Code": { "Lines": [ { "Content": "ENV PASSWORD=verysecret" } ] } } } ] }""";

    public void Dispose() => Directory.DeleteDirectory();

    ProcessResult Scan(ToolCommand command)
    {
        if (Fails(command) is { } last)
            return new ProcessResult(1, [new OutputLine(OutputKind.Error, "INFO begin"), new OutputLine(OutputKind.Error, last)], TimeSpan.Zero);
        var report = command.Arguments[command.Arguments.IndexOf("--output") + 1];
        if (RawReport is not null)
        {
            File.WriteAllText(report, RawReport);
            return new ProcessResult(0, [], TimeSpan.Zero);
        }

        var verb = command.Arguments[0];
        List<string> results = [.. verb == "rootfs" ? InstalledResults : Results];
        var input = command.Arguments.IndexOf("--input");
        if (input >= 0 && System.IO.Directory.Exists(command.Arguments[input + 1]))
            Layouts.Add(File.ReadAllText(Path.Combine(command.Arguments[input + 1], "index.json")));
        if (verb is "fs" or "rootfs")
        {
            var target = AbsolutePath.Create(command.Arguments[^1]);
            foreach (var file in target.GlobFiles("**/*"))
                Copied[target.GetUnixRelativePathTo(file)] = file.ReadAllText();
            var canary = Copied.Keys.Last(x => x.StartsWith("canary-", StringComparison.Ordinal)).Split('/')[0];
            foreach (var (kind, finding) in new[]
            {
                ("lang-pkgs", Vulnerable("CVE-2024-21907", "HIGH", "Newtonsoft.Json", "12.0.1", file: "packages.lock.json")),
                ("secret", Secret("settings.txt")),
                ("config", Misconfigured("Dockerfile")),
            })
            {
                if (!Blind.Contains(kind) && !Blind.Contains(verb))
                    results.Add(finding.Replace("sources/", $"{canary}/", StringComparison.Ordinal));
            }
        }

        var document = new JsonObject { ["SchemaVersion"] = 2, [nameof(Results)] = new JsonArray([.. results.Select(x => JsonNode.Parse(x))]) };
        if (verb == "image" && Metadata is not null)
            document[nameof(Metadata)] = JsonNode.Parse(Metadata);
        File.WriteAllText(report, document.ToJsonString());
        return new ProcessResult(0, [], TimeSpan.Zero);
    }
}
