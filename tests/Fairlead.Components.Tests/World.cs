using System.Collections.Concurrent;
using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Components.Tests;

/// <summary>A git repository with one application, a pretended .NET CLI, and a simulated platform.</summary>
sealed class World : IDisposable
{
    static readonly ConcurrentDictionary<AbsolutePath, World> Worlds = new();

    const string Failing = "failing";

    readonly ProcessRunner _git;
    readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")! };

    public World()
    {
        Root = Directory.CreateTempSubdirectory("fairlead-components-").FullName;
        Worlds[Root] = this;
        Time = new ManualTimeProvider();
        Platform = new SimulatedPlatform(Time);
        Store = new InMemoryDeploymentStore(Time);
        _environment["XDG_CONFIG_HOME"] = Home;
        _environment["FAIRLEAD_STATE"] = Root / ".nuke" / "temp" / "state";
        foreach (var (name, value) in new[] { ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_AUTHOR_NAME", "T"), ("GIT_AUTHOR_EMAIL", "t@example.org"), ("GIT_COMMITTER_NAME", "T"), ("GIT_COMMITTER_EMAIL", "t@example.org") })
            _environment[name] = value;
        _git = new ProcessRunner(new Redactor(), TimeProvider.System, Root, _environment);
        Processes
            .When(x => x.Tool == "git", _git)
            .When(x => x.Tool == "dotnet", DotNet);

        Write("Shop.slnx", """<Solution><Project Path="src/Web/Web.csproj" /><Project Path="tests/Web.Tests/Web.Tests.csproj" /></Solution>""");
        Write("src/Web/Web.csproj", "<Project />");
        Write("tests/Web.Tests/Web.Tests.csproj", "<Project />");
        Write(".gitignore", "artifacts/\n.nuke/temp/\nobj/\n");
        // Whatever this machine has: here there is no Trivy.
        Write(".nuke/tools.lock.json", """{ "tools": { "trivy": { "version": "0.69.3", "ignore_path": true, "platforms": {} } } }""");
        foreach (var project in new[] { "src/Web", "tests/Web.Tests" })
            Write($"{project}/obj/project.assets.json", $$"""
            { "version": 3, "targets": { "net10.0": {} }, "libraries": {}, "projectFileDependencyGroups": { "net10.0": [] }, "packageFolders": { "{{Root}}/packages/": {} },
              "project": { "version": "1.0.0", "restore": { "projectName": "Web", "projectPath": "{{Root}}/src/Web/Web.csproj" }, "frameworks": { "net10.0": {} } } }
            """);
        Write(".nuke/environments.yml", """
            application: web
            environments:
              staging:
                url: http://127.0.0.1:5001
              production:
                url: http://127.0.0.1:5002
                verdicts: { scan: when-available, sbom: when-available, signatures: when-available }
            """);
        Git("init", "--quiet", "--initial-branch", "main");
        Commit("feat: begin");
    }

    public AbsolutePath Root { get; }

    public AbsolutePath Home => Root / ".nuke" / "temp" / "home";

    public Dictionary<string, string> Environment => _environment;

    public ManualTimeProvider Time { get; }

    public SimulatedPlatform Platform { get; }

    public InMemoryDeploymentStore Store { get; }

    public FakeProcessRunner Processes { get; } = new();

    public string TestOutcome { get; set; } = "Passed";

    public string Text { get; private set; } = "";

    public IReadOnlyList<string> Verbs => [.. Processes.Commands.Where(x => x.Tool == "dotnet").Select(x => x.Arguments[0])];

    /// <summary>Puts a pretended Trivy on the PATH, which finds the canaries and what the function gives.</summary>
    public void HaveTrivy(Func<ToolCommand, IEnumerable<string>> results)
    {
        var bin = (Root / ".nuke" / "temp" / "bin").CreateDirectory();
        File.WriteAllText(bin / "trivy", "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bin / "trivy", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _environment["PATH"] = $"{bin}{Path.PathSeparator}{_environment["PATH"]}";
        _environment["TRIVY_CACHE_DIR"] = Root / ".nuke" / "temp" / "cache";
        Write(".nuke/temp/cache/db/metadata.json", $$"""{ "UpdatedAt": "{{Time.GetUtcNow():O}}" }""");
        (Root / ".nuke" / "tools.lock.json").DeleteFile();
        Commit("chore: use Trivy");
        Processes.When(x => x.Arguments is ["--version"], 0, "Version: 0.69.3").When(x => x.Arguments.Contains("--scanners"), command =>
        {
            var canary = AbsolutePath.Create(command.Arguments[^1]).GetDirectories("canary-*").Single().Name;
            var found = string.Join(',', results(command).Append($$"""
                { "Target": "{{canary}}/packages.lock.json", "Class": "lang-pkgs", "Type": "nuget", "Vulnerabilities": [ { "VulnerabilityID": "CVE-2024-21907", "PkgName": "Newtonsoft.Json" } ] },
                { "Target": "{{canary}}/settings.txt", "Class": "secret", "Secrets": [ { "RuleID": "github-pat" } ] },
                { "Target": "{{canary}}/Dockerfile", "Class": "config", "Type": "dockerfile", "Misconfigurations": [ { "ID": "DS002", "Severity": "HIGH" } ] }
                """));
            File.WriteAllText(command.Arguments[command.Arguments.IndexOf("--output") + 1], $$"""{ "SchemaVersion": 2, "Results": [ {{found}} ] }""");
            return new ProcessResult(0, [], TimeSpan.Zero);
        });
    }

    public static World Of(AbsolutePath root) => Worlds[root];

    public void Write(string file, string text) => AtomicFile.Write(Root / file, text);

    public string Git(params string[] arguments) => _git.RunAsync(ToolCommand.Of("git", arguments)).GetAwaiter().GetResult().StandardOutput;

    public void Commit(string message)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", message);
    }

    public Task<BuildResult> RunAsync(string arguments, int exitCode = 0) => RunAsync<ShopBuild>(arguments, exitCode);

    public async Task<BuildResult> RunAsync<TBuild>(string arguments, int exitCode = 0)
        where TBuild : FairleadBuild, new()
    {
        using var output = new StringWriter();
        // The rollout polls; the clock is moved for it until the run is over.
        var run = FairleadBuild.RunAsync<TBuild>(new BuildOptions
        {
            Arguments = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            RootDirectory = Root,
            WorkingDirectory = Root,
            Environment = _environment,
            Processes = Processes,
            Output = output,
            Time = Time,
            DefaultParallelism = 1,
        });
        while (!run.IsCompleted)
        {
            if (Time.WaitingTimers > 0)
                Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        var result = await run;
        Text = output.ToString().ReplaceLineEndings("\n");
        result.ExitCode.ShouldBe(exitCode, Text);
        return result;
    }

    public void Dispose()
    {
        Worlds.TryRemove(Root, out _);
        Root.DeleteDirectory();
    }

    ProcessResult DotNet(ToolCommand command)
    {
        string After(string name) => command.Arguments[command.Arguments.IndexOf(name) + 1];
        if (command.Arguments[0] == "publish")
            AtomicFile.Write(AbsolutePath.Create(After("--output")) / "Web.dll", (Root / "src" / "Web" / "Web.csproj").ReadAllText());
        if (command.Arguments[0] == "test" && TestOutcome.Length > 0)
        {
            AtomicFile.Write(AbsolutePath.Create(After("--results-directory")) / "Web.Tests_net10.0_20260105.trx", TestOutcome == "Broken" ? "<TestRun" : $"""
                <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results><UnitTestResult outcome="{TestOutcome.Replace("Crash", "Passed", StringComparison.Ordinal)}" /><UnitTestResult outcome="Passed" /></Results></TestRun>
                """);
        }

        var failed = command.Arguments[0] == "test" && TestOutcome is "Failed" or "Crash";
        return new ProcessResult(failed ? 1 : 0, failed ? [new OutputLine(OutputKind.Out, Failing)] : [], TimeSpan.Zero);
    }
}

sealed class ShopBuild : FairleadBuild, ITest, IScan, IScanImages, ITag, IPackage, ISign, IDeployStaging, IDeployProduction, IAnnounce
{
    [GitVersion(NoFetch = true)]
    readonly GitVersion GitVersion = null!;

    Target ShowVersion => _ => _
        .Unlisted()
        .Executes(() => Log.Information("{Version} {NuGet}", GitVersion.FullSemVer, GitVersion.NuGetVersionV2));

    IEnumerable<Project> IPackage.Applications => [this.Solution.GetProject("Web")!];

    EnvironmentSpec IHazEnvironments.ConfigureEnvironment(EnvironmentSpec environment) => environment with { KeptReleases = 7 };

    IDeploymentStore IHazDeploymentStore.CreateDeploymentStore() => World.Of(RootDirectory).Store;

    Deployer IDeploy.CreateDeployer(string command)
    {
        var world = World.Of(RootDirectory);
        return new Deployer(((IHazDeploymentStore)this).OpenDeploymentStore(), _ => world.Platform, new DeployerOptions
        {
            Time = world.Time,
            Probe = world.Platform,
            Metrics = new MetricSources(new PrometheusSource(), new CommandSource(Context.Processes)),
            Flags = world.Platform,
            Secrets = new LocalSecretSource(x => Context.Environment.GetValueOrDefault(x), Context.Redactor),
            User = "tester",
            Host = "here",
            Command = command,
        });
    }
}

/// <summary>A build that deploys as components do it by themselves, with all their rules.</summary>
sealed class PlainBuild : FairleadBuild, ITest, IScan, ITag, IPackage, ISign, IDeployStaging, IDeployProduction
{
    IEnumerable<Project> IPackage.Applications => [this.Solution.GetProject("Web")!];

    IDeploymentStore IHazDeploymentStore.CreateDeploymentStore() => World.Of(RootDirectory).Store;
}
