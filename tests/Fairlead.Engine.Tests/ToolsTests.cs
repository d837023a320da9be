using System.Collections.Immutable;
using Fairlead.Tooling;
using static Fairlead.Engine.DotNetTasks;

namespace Fairlead.Engine.Tests;

public sealed class ToolsTests
{
    static readonly string? Nothing;

    static ImmutableArray<string> Arguments(ArgumentStringHandler arguments) => arguments.ToArguments();

    [Fact]
    public void A_list_gives_one_argument_for_each_value_whatever_its_type()
    {
        string[] array = ["a b", ""];
        List<string> list = ["c"];
        IReadOnlyList<AbsolutePath> paths = ["/d", "/e"];
        string[] empty = [];
        Arguments($"build {array} {list} {paths} {empty} end").ShouldBe(["build", "a b", "", "c", "/d", "/e", "end"]);
    }

    [Fact]
    public void A_value_that_is_not_there_gives_no_argument_unless_it_is_quoted() =>
        Arguments($"build {Nothing} {""} --x={Nothing} \"{Nothing}\" {1.5}").ShouldBe(["build", "--x=", "", "1.5"]);

    [Fact]
    public void Values_are_never_split() => Arguments($"a {"b \"c\" d"}e \"f {"g"}\"").ShouldBe(["a", "b \"c\" de", "f g"]);

    [Fact]
    public void A_secret_among_the_arguments_is_marked()
    {
        ArgumentStringHandler handler = $"push --key {"hunter2-hunter2":r}";
        handler.ToArguments().ShouldBe(["push", "--key", "hunter2-hunter2"]);
        handler.Secrets.ShouldBe(["hunter2-hunter2"]);
    }

    sealed class SecretBuild : FairleadBuild
    {
        Target Push => _ => _.Executes(() => DotNet($"nuget push --api-key {"it's a key":r}"));
    }

    [Fact]
    public async Task A_secret_among_the_arguments_is_not_shown()
    {
        using var run = new TestRun();
        run.Processes.When(_ => true);
        (await run.RunAsync<SecretBuild>("Push --verbosity Verbose")).ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("nuget push --api-key");
        run.Text.ShouldNotContain("a key");
    }

    sealed class CombiningBuild : FairleadBuild
    {
        static readonly string[] Projects = ["first", "second", "third"];

        static Configure<DotNetTestSettings> Common => _ => _.EnableNoBuild();

        Target Test => _ => _.Executes(() =>
        {
            var results = DotNetTest(_ => _.CombineWith(Projects, (_, x) => _.SetProjectFile(x)).Apply(Common), degreeOfParallelism: 3);
            Log.Information("Order: {Order}", string.Join(' ', results.Select(x => x.StandardOutput)));
        });

        Target Build => _ => _.Executes(() =>
        {
            try
            {
                DotNetBuild(_ => _.CombineWith(Projects, (_, x) => _.SetProjectFile(x)), completeOnFailure: true);
            }
            catch (Exception e)
            {
                Log.Error("Ended with {Type}: {Text}", e.GetType().Name, (e as UserErrorException)?.Display ?? e.Message);
                throw;
            }
        });
    }

    [Fact]
    public async Task Results_of_several_runs_have_the_order_of_their_settings()
    {
        using var run = new TestRun();
        using var others = new CountdownEvent(2);
        run.Processes.When(_ => true, command =>
        {
            // The first one ends last.
            if (!command.Arguments.Contains("first"))
                others.Signal();
            else
                others.Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
            command.Arguments.ShouldContain("--no-build");
            return new ProcessResult(0, [new OutputLine(OutputKind.Out, command.Arguments[1])], TimeSpan.Zero);
        });
        (await run.RunAsync<CombiningBuild>("Test")).ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("Order: first second third");
    }

    [Fact]
    public async Task Several_runs_that_were_stopped_are_stopped_and_not_failed()
    {
        using var run = new TestRun();
        using var stop = new CancellationTokenSource();
        run.Processes.When(_ => true, _ =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        var options = new BuildOptions { Arguments = ["Build"], RootDirectory = run.Root, WorkingDirectory = run.Root, Environment = run.Environment, Processes = run.Processes, Output = run.Output };
        await new BuildRun<CombiningBuild>(options, []).RunAsync(stop.Token);
        run.Text.ShouldContain("Ended with OperationCanceledException");
    }

    [Fact]
    public async Task Several_failures_are_all_shown_with_what_to_do()
    {
        using var run = new TestRun();
        run.Processes.When(_ => true, command => throw new UserErrorException($"{command.Arguments[1]} failed.", $"Mend {command.Arguments[1]}."));
        (await run.RunAsync<CombiningBuild>("Build")).ExitCode.ShouldNotBe(0);
        foreach (var name in new[] { "first", "second", "third" })
            run.Text.ShouldContain($"{name} failed.\n  → Mend {name}.");
    }

    [Fact]
    public void Settings_become_the_arguments_that_the_command_line_takes()
    {
        Show(new DotNetFormatSettings().SetProject("a.sln").EnableVerifyNoChanges().EnableNoRestore().SetSeverity("warn"))
            .ShouldBe("format a.sln --verify-no-changes --no-restore --severity warn");
        Show(new DotNetToolInstallSettings().SetPackageName("x").SetVersion("1.2").SetToolInstallationPath("/t").AddSources("s"))
            .ShouldBe("tool install x --version 1.2 --tool-path /t --add-source s");
        Show(new DotNetToolInstallSettings().SetPackageName("x").EnableGlobal()).ShouldBe("tool install x --global");
        Show(new DotNetToolRestoreSettings().SetToolManifest("m.json")).ShouldBe("tool restore --tool-manifest m.json");
        Show(new DotNetBuildSettings().AddNoWarns(1591).AddNoWarns("CA1000").EnableTreatWarningsAsErrors().SetProcessAdditionalArguments("--x").SetProcessAdditionalArguments("--y"))
            .ShouldBe("build -p:NoWarn=1591%3BCA1000 -p:TreatWarningsAsErrors=true --y");
        Show(new DotNetPackSettings().SetSymbolPackageFormat(DotNetSymbolPackageFormat.snupkg).SetDescription("d").SetAuthors("a", "b").SetPackageReleaseNotes("n").AddProperty("P", true))
            .ShouldBe("pack -p:Authors=a%3Bb -p:Description=d -p:P=true -p:PackageReleaseNotes=n -p:SymbolPackageFormat=snupkg");
    }

    static string Show<T>(DotNetSettings<T> settings)
        where T : DotNetSettings<T> => string.Join(' ', settings.ToCommand().Arguments);
}

public sealed class VocabularyTests
{
    [UnsetVisualStudioEnvironmentVariables]
    [DotNetVerbosityMapping]
    sealed class VocabularyBuild : FairleadBuild
    {
        [Parameter] readonly string? First;
        [Parameter] readonly string? Second;
        [Parameter] readonly string? Third;

        Target Needing => _ => _.Requires(() => First, () => Second, () => Third).Executes(() => Log.Information("ran"));

        Target Logging => _ => _.Executes(() =>
        {
            var error = new InvalidOperationException("the cause");
            Log.Information(error, "information {N}", 1);
            Log.Warning(error, "warning {N}", 2);
            Log.Fatal(error, "fatal {N}", 3);
            Log.Fatal("fatal {N}", 4);
        });

        Target Asserting => _ => _.Executes(() => Assert.FileExists(RootDirectory / "none.txt"));
    }

    [Fact]
    public async Task Three_parameters_can_be_required_at_once()
    {
        using var run = new TestRun();
        (await run.RunAsync<VocabularyBuild>("Needing --first a --second b")).ExitCode.ShouldNotBe(0);
        run.Text.ShouldContain("--third");
        run.Text.ShouldNotContain("ran");
        (await run.RunAsync<VocabularyBuild>("Needing --first a --second b --third c")).ExitCode.ShouldBe(0, run.Text);
    }

    [Fact]
    public async Task Exceptions_are_told_by_message_and_in_full_when_verbose()
    {
        using var run = new TestRun();
        (await run.RunAsync<VocabularyBuild>("Logging")).ExitCode.ShouldBe(0, run.Text);
        foreach (var line in new[] { "information 1", "warning 2", "fatal 3", "fatal 4" })
            run.Text.ShouldContain(line);
        run.Text.ShouldNotContain("the cause");
        (await run.RunAsync<VocabularyBuild>("Logging --verbosity Verbose")).ExitCode.ShouldBe(0);
        run.Text.ShouldContain("the cause");
    }

    [Fact]
    public async Task An_assertion_fails_the_target_with_a_sentence()
    {
        using var run = new TestRun();
        (await run.RunAsync<VocabularyBuild>("Asserting")).ExitCode.ShouldNotBe(0);
        run.Text.ShouldContain($"The file '{run.Root / "none.txt"}' does not exist.");
        run.Text.ShouldNotContain("   at ");
    }

    [Fact]
    public void Assertions_hold_or_throw()
    {
        string? missing = null;
        int[] none = [];
        var one = 1;
        Should.Throw<UserErrorException>(() => missing.NotNull()).Message.ShouldContain("missing");
        Should.Throw<UserErrorException>(() => none.NotEmpty()).Message.ShouldContain("none");
        Should.Throw<UserErrorException>(() => Assert.True(one == 2)).Message.ShouldContain("one == 2");
        Should.Throw<UserErrorException>(() => Assert.False(one == 1, "No one.")).Message.ShouldBe("No one.");
        Should.Throw<UserErrorException>(() => Assert.DirectoryExists("/no/such/directory"));
        Should.Throw<UserErrorException>(() => Assert.Fail("So."));
        "x".NotNull().ShouldBe("x");
        Assert.True(one == 1);
        Assert.DirectoryExists("/");
    }
}
