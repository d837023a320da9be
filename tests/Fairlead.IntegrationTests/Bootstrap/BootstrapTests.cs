using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests.Bootstrap;

/// <summary><c>build.sh</c> and the compiled build that it starts, in a small repository.</summary>
public sealed class BootstrapTests : IDisposable
{
    const string BuildFile = "build/Build.cs";

    readonly Repository _repository = new("bootstrap");

    public BootstrapTests()
    {
        _repository.Write("global.json", (Repository.Product / "global.json").ReadAllText());
        _repository.Write("Directory.Build.props", "<Project><PropertyGroup><Greeting>hello</Greeting></PropertyGroup></Project>");
        _repository.Write(".nuke/parameters.json", "{}");
        _repository.Write("lib/lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        _repository.Write("lib/Lib.cs", "public static class Lib { public const string Word = \"one\"; }");
        _repository.Write("shared/Linked.cs", "public static class Linked { public const string Word = \"linked\"; }");
        var engine = AbsolutePath.Create(AppContext.BaseDirectory) / "Fairlead.Engine.dll";
        _repository.Write("build/_build.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup>
                <Reference Include="{engine}" />
                <Reference Include="{engine.Parent / "Fairlead.Tooling.dll"}" />
                <ProjectReference Include="../lib/lib.csproj" />
                <Compile Include="../shared/Linked.cs" />
                <Compile Include="../wild/**/*.cs" />
                <AssemblyAttribute Include="System.Reflection.AssemblyMetadataAttribute"><_Parameter1>Greeting</_Parameter1><_Parameter2>$(Greeting)</_Parameter2></AssemblyAttribute>
              </ItemGroup>
            </Project>
            """);
        WriteBuild("Hello");
        File.Copy(Repository.Product / "build.sh", _repository.Root / "build.sh");
    }

    public void Dispose() => _repository.Dispose();

    void WriteBuild(string target) => _repository.Write(BuildFile, $$"""
        using System.Reflection;
        using Fairlead.Engine;

        class Build : FairleadBuild
        {
            public static int Main() => Execute<Build>(x => x.{{target}});

            Target {{target}} => _ => _.Executes(() => Log.Information("{0} {1} {2} from {3}", typeof(Build).Assembly.GetCustomAttribute<AssemblyMetadataAttribute>()!.Value, Lib.Word, Linked.Word, AppContext.BaseDirectory));

            Target Wait => _ => _.Executes(async token =>
            {
                await Context.RunAsync(Fairlead.Tooling.ToolCommand.Of("sh", "-c", "sleep 300 & echo child $!; wait"));
            });

            Target Tool => _ => _.Executes(() => DotNetTasks.DotNet("--version"));

            Target CleanUp => _ => _.After(Wait).AssuredAfterFailure().Executes(() => Log.Information("cleaned up"));

            [Verb("rescue", "Works without compiling.")]
            public Task Rescue(VerbArguments arguments, CancellationToken token)
            {
                Console.WriteLine("rescued");
                return Task.CompletedTask;
            }
        }
        """);

    async Task<string> RunAsync(params string[] arguments)
    {
        var result = await _repository.BuildAsync(arguments);
        result.ExitCode.ShouldBe(0, Repository.Text(result));
        return result.StandardOutput;
    }

    static string CopyOf(string output) => output[output.IndexOf("from ", StringComparison.Ordinal)..].Split('\n')[0];

    [Fact]
    public async Task An_unchanged_build_is_started_as_it_is_and_every_change_of_what_it_is_made_from_compiles_it_again()
    {
        var first = await RunAsync();
        first.ShouldContain("hello one linked from");
        var copy = CopyOf(await RunAsync());
        copy.ShouldBe(CopyOf(first));

        // Only the time differs: a checkout rewrites files that are equal.
        File.SetLastWriteTimeUtc(_repository.Root / BuildFile, DateTime.UtcNow.AddHours(1));
        CopyOf(await RunAsync()).ShouldBe(copy);

        await ChangesTo("lib/Lib.cs", "public static class Lib { public const string Word = \"two\"; }", "hello two linked");
        await ChangesTo("shared/Linked.cs", "public static class Linked { public const string Word = \"wired\"; }", "hello two wired");
        await ChangesTo("Directory.Build.props", "<Project><PropertyGroup><Greeting>howdy</Greeting></PropertyGroup></Project>", "howdy two wired");
        await ChangesTo("Directory.Build.targets", "<Project><PropertyGroup><Greeting>hey</Greeting></PropertyGroup></Project>", "two wired");
        await ChangesTo("build/More.cs", "class More { }", "two wired");
        await ChangesTo("lib/More.cs", "class More { }", "two wired");
        _repository.Write("eng/Versions.props", "<Project><PropertyGroup><Greeting>ahoy</Greeting></PropertyGroup></Project>");
        await ChangesTo("Directory.Build.targets", "<Project><Import Project=\"$(MSBuildThisFileDirectory)eng/Versions.props\" /></Project>", "ahoy two wired");
        await ChangesTo("eng/Versions.props", "<Project><PropertyGroup><Greeting>hail</Greeting></PropertyGroup></Project>", "hail two wired");
        await ChangesTo("wild/deep/Wild.cs", "class Wild { }", "two wired");

        async Task ChangesTo(string file, string text, string expected)
        {
            var before = CopyOf(await RunAsync());
            _repository.Write(file, text);
            var output = await RunAsync();
            output.ShouldContain(expected);
            CopyOf(output).ShouldNotBe(before, $"{file} was changed, and the old build was started.");
            CopyOf(await RunAsync()).ShouldBe(CopyOf(output));
        }
    }

    [Fact]
    public async Task When_the_build_does_not_compile_targets_fail_with_the_errors_and_verbs_still_work()
    {
        await RunAsync();
        _repository.Write(BuildFile, "this is no C#");
        var result = await _repository.BuildAsync();
        result.ExitCode.ShouldBe(4);
        Repository.Text(result).ShouldContain("Build.cs(1,");
        Repository.Text(result).ShouldContain("does not compile");

        var verb = await _repository.BuildAsync("--verbosity", "Normal", ":rescue");
        verb.ExitCode.ShouldBe(0, Repository.Text(verb));
        verb.StandardOutput.ShouldContain("rescued");
        verb.StandardError.ShouldContain("runs with the last build that was compiled");

        WriteBuild("Hello");
        (await RunAsync()).ShouldContain("hello one");
    }

    [Fact]
    public async Task Without_a_fitting_sdk_and_a_network_verbs_still_work_and_targets_say_what_to_do()
    {
        await RunAsync();
        _repository.Write("global.json", """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""");
        _repository.EnvironmentVariables["https_proxy"] = "http://127.0.0.1:1";
        var result = await _repository.BuildAsync();
        result.ExitCode.ShouldBe(4, Repository.Text(result));
        Repository.Text(result).ShouldContain("Install the version that");
        (await RunAsync(":rescue")).ShouldContain("rescued");
    }

    [Fact]
    public async Task Targets_use_the_dotnet_that_runs_the_build_also_when_it_is_not_on_the_path()
    {
        var dotnet = new FileInfo(ToolPath.Find("dotnet", _repository.Root, Environment.GetEnvironmentVariable("PATH"))!);
        var real = AbsolutePath.Create(dotnet.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? dotnet.FullName);
        _repository.EnvironmentVariables["PATH"] = "/usr/bin:/bin";
        Assert.SkipWhen(ToolPath.Find("dotnet", _repository.Root, "/usr/bin:/bin") is not null && !HideDotNet(), "dotnet is in /usr/bin and cannot be hidden.");
        _repository.EnvironmentVariables["DOTNET_ROOT"] = real.Parent;
        (await RunAsync("Tool")).ShouldContain("10.");
    }

    /// <summary>A directory with the few programs that the script needs, and no dotnet.</summary>
    bool HideDotNet()
    {
        var tools = (_repository.State / "tools").CreateDirectory();
        foreach (var tool in new[] { "bash", "sh", "cat", "mkdir", "mv", "cp", "rm", "sort", "basename", "readlink", "flock", "echo", "env", "git" })
        {
            if (ToolPath.Find(tool, tools, "/usr/bin:/bin") is { } found)
                File.CreateSymbolicLink(tools / tool, found);
        }

        _repository.EnvironmentVariables["PATH"] = tools;
        return true;
    }

    [Fact]
    public async Task Concurrent_first_starts_and_rebuilds_all_succeed()
    {
        foreach (var target in new[] { "Hello", "Again" })
        {
            WriteBuild(target);
            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _repository.BuildAsync()));
            results.ShouldAllBe(x => x.ExitCode == 0 && x.StandardOutput.Contains("hello one linked", StringComparison.Ordinal), string.Join("\n---\n", results.Select(Repository.Text)));
        }
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_whole_tree_runs_assured_targets_and_leaves_no_orphan(string signal, int exitCode)
    {
        await RunAsync();
        var child = new TaskCompletionSource<int>();
        var runner = new ProcessRunner(new Redactor(), TimeProvider.System, _repository.Root, _repository.EnvironmentVariables);
        // The script replaces itself by the build, so the id of the script is the id to signal.
        var run = runner.RunAsync(ToolCommand.Of("sh", "-c", "echo pid $$; exec ./build.sh Wait CleanUp").WithAnyExitCode() with { Timeout = TimeSpan.FromMinutes(2) }, line =>
        {
            if (line.Text.StartsWith("pid ", StringComparison.Ordinal))
                _pid = line.Text["pid ".Length..];
            if (line.Text.StartsWith("child ", StringComparison.Ordinal))
                child.TrySetResult(int.Parse(line.Text["child ".Length..], CultureInfo.InvariantCulture));
        });
        await Task.WhenAny(child.Task, run).WaitAsync(TimeSpan.FromMinutes(1));
        child.Task.IsCompleted.ShouldBeTrue();
        (await _repository.RunAsync("kill", $"-{signal}", _pid!)).ExitCode.ShouldBe(0);

        var result = await run;
        result.ExitCode.ShouldBe(exitCode, Repository.Text(result));
        Repository.Text(result).ShouldContain("cleaned up");
        Repository.IsRunning(await child.Task).ShouldBeFalse();
    }

    string? _pid;

    [Fact]
    public async Task A_warm_start_starts_one_process_and_no_compiler()
    {
        Assert.SkipWhen(ToolPath.Find("strace", _repository.Root, Environment.GetEnvironmentVariable("PATH")) is null, "strace is not installed.");
        await RunAsync("--list");
        var result = await _repository.RunAsync("strace", "-f", "-qq", "-e", "trace=execve", "-o", _repository.Root / "trace", "./build.sh", "--list");
        result.ExitCode.ShouldBe(0, Repository.Text(result));
        var started = (_repository.Root / "trace").ReadAllLines().Where(x => x.Contains("= 0", StringComparison.Ordinal)).ToList();
        // The script's interpreter, which is then replaced by dotnet.
        started.Count.ShouldBeLessThanOrEqualTo(3, string.Join('\n', started));
    }
}
