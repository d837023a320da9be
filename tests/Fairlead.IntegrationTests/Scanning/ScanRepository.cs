using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests.Scanning;

/// <summary>A git repository, and the real Trivy as this repository's tools.lock.json pins it, with a database made for the test.</summary>
sealed class ScanRepository : IDisposable
{
    public static readonly (string, string, string, string?)[] Advisories =
    [
        ("Newtonsoft.Json", "CVE-2024-21907", "HIGH", "13.0.1"), ("Bad.Package", "CVE-2030-0001", "CRITICAL", "2.0.0"), ("Meek.Package", "CVE-2030-0002", "MEDIUM", null),
    ];

    readonly Repository _repository = new("scan");
    readonly ProcessRunner _runner;

    ScanRepository()
    {
        _runner = new ProcessRunner(new Redactor(), TimeProvider.System, Root, Environment);
        Environment["TRIVY_CACHE_DIR"] = Cache;
        VulnerabilityDatabase.Write(Cache, DateTimeOffset.UtcNow.AddDays(-1), Advisories);
        Write("src/A/A.cs", "class A;\n");
        Lock("src/A/packages.lock.json", ("Good.Package", "1.0.0"));
    }

    public AbsolutePath Root => _repository.Root;

    public AbsolutePath Cache => _repository.State / "trivy";

    public AbsolutePath Scratch => _repository.State;

    public Dictionary<string, string> Environment => _repository.EnvironmentVariables;

    public SecurityPolicy Policy { get; set; } = new();

    public List<string> Log { get; } = [];

    public ScanSettings Settings => new()
    {
        Root = Root,
        TemporaryDirectory = Scratch / "temp",
        Processes = _runner,
        Environment = Environment,
        Policy = Policy,
        Tools = ToolsLockReader.Load(Repository.Product),
        Log = Log.Add,
    };

    /// <summary>Makes one, or skips the test where Trivy can neither be found nor fetched.</summary>
    public static async Task<ScanRepository> CreateAsync()
    {
        var repository = new ScanRepository();
        var tool = await new ToolProvider(repository._runner, repository.Environment).ProvideAsync("trivy", repository.Settings.Tools, repository.Log.Add);
        if (tool.Program is null)
            repository.Dispose();
        Assert.SkipWhen(tool.Program is null, tool.Explanation);
        await repository._repository.GitAsync("init", "--quiet");
        return repository;
    }

    public void Write(string file, string text) => _repository.Write(file, text);

    public Task GitAsync(params string[] arguments) => _repository.GitAsync(arguments);

    public void Lock(string file, params (string Package, string Version)[] packages) => Write(file, $$"""
        { "version": 1, "dependencies": { "net10.0": {
          {{string.Join(",\n", packages.Select(x => $$"""  "{{x.Package}}": { "type": "Direct", "requested": "[{{x.Version}}, )", "resolved": "{{x.Version}}", "contentHash": "x" }"""))}}
        } } }
        """);

    public static string DependencyList(string package, string version) => $$"""
        { "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
          "targets": { ".NETCoreApp,Version=v10.0": { "App/1.0.0": { "dependencies": { "{{package}}": "{{version}}" }, "runtime": { "App.dll": {} } }, "{{package}}/{{version}}": { "runtime": { "lib/net10.0/a.dll": {} } } } },
          "libraries": { "App/1.0.0": { "type": "project", "serviceable": false, "sha512": "" }, "{{package}}/{{version}}": { "type": "package", "serviceable": true, "sha512": "sha512-x" } } }
        """;

    /// <summary>Scans all parts of the sources.</summary>
    public async Task<(PartResult Dependencies, PartResult Secrets, PartResult Configuration)> ScanAsync(int projects = 1)
    {
        var scan = await SourceScan.RunAsync(Settings, [ScanPart.Dependencies, ScanPart.Secrets, ScanPart.Configuration]);
        return (scan.Judge(ScanPart.Dependencies, new RestoredPackages(1, projects)), scan.Judge(ScanPart.Secrets), scan.Judge(ScanPart.Configuration));
    }

    public void Dispose() => _repository.Dispose();
}
