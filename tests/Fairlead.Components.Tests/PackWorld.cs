using System.Collections.Immutable;
using System.IO.Compression;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Components.Tests;

/// <summary>A git repository with a library and an application, and tools that only pretend to build.</summary>
sealed class PackWorld : IDisposable
{
    readonly ProcessRunner _git;
    readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };

    public PackWorld()
    {
        Root = Directory.CreateTempSubdirectory("fairlead-pack-").FullName;
        foreach (var (name, value) in new[] { ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_AUTHOR_NAME", "T"), ("GIT_AUTHOR_EMAIL", "t@example.org"), ("GIT_COMMITTER_NAME", "T"), ("GIT_COMMITTER_EMAIL", "t@example.org") })
            _environment[name] = value;
        _git = new ProcessRunner(new Redactor(), TimeProvider.System, Root, _environment);
        Processes
            .When(x => x.Tool == "git", _git)
            .When(x => x.Tool == "dotnet", DotNet)
            .When(x => x.Tool.EndsWith("build.sh", StringComparison.Ordinal), Build);
        Write("Shop.slnx", """<Solution><Project Path="src/Shop/Shop.csproj" /></Solution>""");
        Write("src/Shop/Shop.csproj", "<Project />");
        Write(".gitignore", "artifacts/\n.nuke/temp/\n");
        Git("init", "--quiet", "--initial-branch", "main");
        Git("add", "--all");
        Git("commit", "--quiet", "--message", "feat: begin");
        Git("tag", "v1.2.0");
    }

    public AbsolutePath Root { get; }

    public AbsolutePath Packages => Root / "artifacts" / "packages";

    public FakeProcessRunner Processes { get; } = new();

    public string Text { get; private set; } = "";

    /// <summary>What the two builds of <c>VerifyReproducible</c> write, one after the other.</summary>
    public Queue<string> Contents { get; } = new();

    public Dictionary<string, string> Variables => _environment;

    public void Write(string file, string text) => AtomicFile.Write(Root / file, text);

    public string Git(params string[] arguments) => _git.RunAsync(ToolCommand.Of("git", arguments)).GetAwaiter().GetResult().StandardOutput;

    public async Task RunAsync(string arguments, int exitCode = 0)
    {
        using var output = new StringWriter();
        var result = await FairleadBuild.RunAsync<PackingBuild>(new BuildOptions
        {
            Arguments = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            RootDirectory = Root,
            WorkingDirectory = Root,
            Environment = _environment,
            Processes = Processes,
            Output = output,
            DefaultParallelism = 1,
        });
        Text = output.ToString().ReplaceLineEndings("\n");
        result.ExitCode.ShouldBe(exitCode, Text);
    }

    public void Dispose() => Root.DeleteDirectory();

    public static void WritePackage(AbsolutePath file, string content)
    {
        file.Parent.CreateDirectory();
        using var zip = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach (var (name, text) in new[] { ("Shop.nuspec", "<package><metadata><id>Shop</id><version>1.2.0</version></metadata></package>"), ("lib/Shop.dll", content) })
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(text);
        }
    }

    ProcessResult DotNet(ToolCommand command)
    {
        string? After(string name) => command.Arguments.IndexOf(name) is var i and >= 0 ? command.Arguments[i + 1] : null;
        switch (command.Arguments[0])
        {
            case "pack":
                WritePackage(AbsolutePath.Create(After("--output")!) / "Shop.1.2.0.nupkg", "program");
                WritePackage(AbsolutePath.Create(After("--output")!) / "Shop.1.2.0.snupkg", "symbols");
                break;
            case "publish" when After("--runtime") is "linux-riscv64" or "osx-arm64":
                return new ProcessResult(1, [new OutputLine(OutputKind.Out, $"/x/Shop.csproj : error NU1101: Unable to find package Microsoft.NETCore.App.Host.{After("--runtime")}. No packages exist with this id in source(s): feed")], TimeSpan.Zero);
            case "publish":
                AtomicFile.Write(AbsolutePath.Create(After("--output")!) / (After("--runtime")?.StartsWith("win", StringComparison.Ordinal) == true ? "Shop.exe" : "Shop"), "program");
                AtomicFile.Write(AbsolutePath.Create(After("--output")!) / "appsettings.json", "{}");
                break;
        }

        return new ProcessResult(0, [], TimeSpan.Zero);
    }

    ProcessResult Build(ToolCommand command)
    {
        var root = command.WorkingDirectory!;
        AtomicFile.Write(root / "artifacts" / "packages" / "same.txt", "same");
        WritePackage(root / "artifacts" / "packages" / "Shop.1.2.0.nupkg", Contents.Dequeue());
        NuGetNormaliser.Normalise(root / "artifacts" / "packages" / "Shop.1.2.0.nupkg", DateTimeOffset.UnixEpoch);
        return new ProcessResult(0, [], TimeSpan.Zero);
    }
}

sealed class PackingBuild : FairleadBuild, IPack, IPackArchives, IPackBinaries, IPublish, IVerifyReproducible
{
    [Parameter("Whether to ask for runtimes that are nowhere")]
    readonly bool Rare;

    IEnumerable<Project> IPackArchives.ArchivedProjects => this.Solution.AllProjects;

    IEnumerable<Project> IPackBinaries.BinaryProjects => this.Solution.AllProjects;

    IEnumerable<string> IPackBinaries.BinaryRuntimes(Project project) => Rare ? ["linux-riscv64", "linux-x64", "osx-arm64"] : ["linux-x64", "win-x64"];

    [Parameter("What must have passed")]
    readonly string[] Asked = [];

    [Parameter("The outcome of the tests")]
    readonly string Outcome = "Passed";

    ImmutableArray<string> IPublish.RequiredForPublish => [.. Asked];

    Target Seal => _ => _
        .DependsOn<IPack>(x => x.Pack)
        .Executes(() =>
        {
            var directory = From<IHazRelease>().ReleaseDirectory;
            var version = From<IHazVersion>().Version;
            var writer = ReleaseWriter.Begin(directory);
            AtomicFile.Write(directory / "sbom.cdx.json", $$"""{ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "component": { "type": "application", "name": "shop", "version": "{{version.Version}}" } } }""");
            writer.Seal(new ReleaseDraft
            {
                Application = "shop",
                Version = $"{version.Version}",
                Commit = version.Commit,
                CommitTime = version.CommitTime,
                Artifacts = [.. From<IPack>().PackArtifacts.Select(x => x with { File = x.File.CopyToDirectory(directory) }), new ArtifactFile("sbom", ArtifactKinds.Sbom, directory / "sbom.cdx.json")],
                Verdicts = [new SupplyChain.Verdict("tests", Enum.Parse<SupplyChain.VerdictOutcome>(Outcome), "They ran.")],
            });
        });
}
