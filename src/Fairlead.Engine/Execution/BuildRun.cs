using System.Collections.Immutable;
using System.Reflection;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>One run of one build, from arguments to exit code.</summary>
sealed class BuildRun<T>(BuildOptions options, Func<T, Target>[] defaultTargets)
    where T : FairleadBuild, new()
{
    readonly Redactor _redactor = new();
    ProcessRunner? _ownRunner;
    BuildOutput? _output;

    /// <summary>Whether what bodies write to the console is taken into the build's output. Only for the program that owns the console.</summary>
    public bool BridgeConsole { get; init; }

    /// <summary>Ends all processes that this run started.</summary>
    public void KillProcesses() => _ownRunner?.KillAll();

    /// <summary>Says something outside of any target.</summary>
    public void Announce(string text) => _output?.WriteLine(text, LogLevel.Warning);

    public async Task<BuildResult> RunAsync(CancellationToken cancellationToken)
    {
        var parameters = ParameterModel.Of(typeof(T));
        var (invocation, problems) = CommandLineParser.Parse(options.Arguments, parameters);
        var host = options.Environment switch
        {
            var x when x.GetValueOrDefault("GITHUB_ACTIONS") == "true" => Host.GitHubActions,
            var x when x.GetValueOrDefault("CI") is { Length: > 0 } and not "false" => Host.Server,
            _ => Host.Terminal,
        };
        _output = new BuildOutput(options.Output, invocation.Json ? options.Error : options.Output, _redactor, invocation.Verbosity ?? Verbosity.Normal, host, options.UseColor);
        if (!problems.IsEmpty)
            return Reject(problems, ExitCodes.Usage);

        var previous = BridgeConsole ? (Console.Out, Console.Error) : default;
        try
        {
            return await RunAsync(invocation, parameters, host, cancellationToken);
        }
        catch (UserErrorException e)
        {
            _output.WriteLine(e.Display, LogLevel.Error);
            return new BuildResult(e.ExitCode, []);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new BuildResult(ExitCodes.Interrupted, []);
        }
        catch (Exception e)
        {
            _output.WriteLine($"The build ended with an unexpected error: {e.GetType().Name}: {e.Message}", LogLevel.Error);
            _output.WriteLine("  → Run again with '--verbosity Verbose' for where it happened.", LogLevel.Error);
            _output.WriteLine(e.ToString(), LogLevel.Verbose);
            return new BuildResult(ExitCodes.InternalError, []);
        }
        finally
        {
            BuildContext.Enter(null);
            if (BridgeConsole)
            {
                Console.SetOut(previous.Out);
                Console.SetError(previous.Error);
            }
        }
    }

    async Task<BuildResult> RunAsync(Invocation invocation, ImmutableArray<ParameterModel> parameters, Host host, CancellationToken cancellationToken)
    {
        var reserved = CommandLineParser.Switches.Select(x => x.Name).Append("target").ToDictionary(ParameterName.Normalize);
        var shadowed = parameters.Where(x => reserved.ContainsKey(ParameterName.Normalize(x.Name)))
            .Select(x => new Problem($"The parameter '{x.Name}' has the name of the switch '--{reserved[ParameterName.Normalize(x.Name)]}', so nobody can set it.", $"Rename it: [Parameter(Name = \"Build{x.Name}\")]."))
            .ToImmutableArray();
        if (!shadowed.IsEmpty)
            return Reject(shadowed, ExitCodes.InvalidBuild);

        var root = FindRoot(invocation);
        var (values, problems) = ParameterValues.Read(
            parameters, invocation.Parameters, options.Environment, invocation.Profiles, root, options.WorkingDirectory, _redactor);
        if (!problems.IsEmpty)
            return Reject(problems, ExitCodes.Usage);

        var processes = options.Processes ?? (_ownRunner = new ProcessRunner(_redactor, options.Time, root, options.Environment));
        var context = new BuildContext(options, root, _redactor, _output!, processes, host, values);
        BuildContext.Enter(context);
        if (BridgeConsole)
        {
            Console.SetOut(new ConsoleBridge(context, LogLevel.Information));
            Console.SetError(new ConsoleBridge(context, LogLevel.Warning));
        }

        var build = new T();
        build.Created(tolerant: invocation.Verb is not null || invocation.Help || invocation.List);
        if (invocation.Verb is not null)
            return await RunVerbAsync(build, invocation, cancellationToken);

        var model = build.Model;
        if (!model.Problems.IsEmpty)
            return Reject(model.Problems, ExitCodes.InvalidBuild);
        var defaults = defaultTargets.Select(x => model.NameOf(x(build)) ?? throw new UserErrorException(
            $"The default target of {typeof(T).Name} is none of its targets.", "Name a property: Execute<Build>(x => x.Compile).")
        { ExitCode = ExitCodes.InvalidBuild }).ToImmutableArray();
        var invoked = invocation.Targets.IsEmpty ? defaults : invocation.Targets;

        if (invocation.Help)
            return Print(BuildDescription.Help(model.Graph, parameters, Verbs(build.GetType()), defaults));
        if (invocation.List)
            return Print(BuildDescription.List(model.Graph, defaults));
        if (invoked.IsEmpty)
            return Print(BuildDescription.Help(model.Graph, parameters, Verbs(build.GetType()), defaults));

        build.Invoked(invoked);
        var (plan, unanswered) = MakePlan(model, invocation, invoked);
        if (!unanswered.IsEmpty)
            return Reject(unanswered, ExitCodes.InvalidBuild);
        if (!plan.Problems.IsEmpty)
            return Reject(plan.Problems, model.Graph.Check().IsEmpty ? ExitCodes.Usage : ExitCodes.InvalidBuild);

        var workers = Math.Max(1, invocation.Parallel ?? build.DefaultParallelism ?? options.DefaultParallelism);
        if (invocation.Plan)
        {
            if (!invocation.Json)
            {
                Print(BuildDescription.Plan(plan, workers));
                return await PrintPreviewsAsync(model, plan, cancellationToken);
            }

            _output!.WriteRaw(BuildDescription.PlanJson(plan));
            return new BuildResult(ExitCodes.Success, []);
        }

        var missing = MissingRequirements(build, model, plan, parameters);
        if (!missing.IsEmpty)
            return Reject(missing, ExitCodes.Usage);
        return await ExecuteAsync(build, model, plan, invocation, workers, cancellationToken);
    }

    async Task<BuildResult> ExecuteAsync(T build, BuildModel model, ExecutionPlan plan, Invocation invocation, int workers, CancellationToken cancellationToken)
    {
        var executor = new Executor(plan, model, build.Context, workers, invocation.DryRun, build);
        build.Initialized([.. plan.Targets.Where(x => x.Invoked).Select(x => x.Name)], executor.With);
        var started = options.Time.GetTimestamp();
        var results = await executor.RunAsync(cancellationToken);
        build.Context.FlushPartial();
        foreach (var (level, line) in BuildDescription.Summary(results, build.Summary, options.Time.GetElapsedTime(started), invocation.DryRun))
            _output!.WriteLine(line, level);

        var hookFailed = executor.HookFailed;
        try
        {
            build.Finished();
        }
        catch (Exception e)
        {
            hookFailed = true;
            _output!.WriteLine($"OnBuildFinished ended with an error: {ErrorText.Of(e)}", LogLevel.Error);
        }

        var exitCode = results switch
        {
            _ when results.Any(x => x.Status == TargetStatus.Failed) => executor.FailureExitCode,
            _ when results.Any(x => x.Status is TargetStatus.Aborted or TargetStatus.NotRun) => ExitCodes.Interrupted,
            _ => hookFailed ? ExitCodes.Failed : ExitCodes.Success,
        };
        return new BuildResult(exitCode, results);
    }

    static (ExecutionPlan Plan, ImmutableArray<Problem> Unanswered) MakePlan(BuildModel model, Invocation invocation, ImmutableArray<string> invoked)
    {
        var request = new PlanRequest(invoked) { Skip = invocation.Skip, SkipAll = invocation.SkipAll };
        var plan = Planner.Plan(model.Graph, request);
        var skipped = ImmutableDictionary.CreateBuilder<string, string>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var target in plan.Targets.Where(x => x.SkipReason is null))
        {
            // Conditions may look at files: they are asked here, so that planning itself looks at nothing.
            foreach (var condition in model.Targets[target.Name].Definition.StaticConditions)
            {
                try
                {
                    if (!condition.Holds())
                        skipped.TryAdd(target.Name, condition.Text);
                }
                catch (Exception e) when (e is not UserErrorException)
                {
                    problems.Add(new Problem($"Whether '{target.Name}' runs could not be found out: the condition '{condition.Text}' ended with an error: {ErrorText.Of(e)}"));
                }
            }
        }

        return (skipped.Count == 0 ? plan : Planner.Plan(model.Graph, request with { ConditionallySkipped = skipped.ToImmutable() }), problems.ToImmutable());
    }

    static ImmutableArray<Problem> MissingRequirements(T build, BuildModel model, ExecutionPlan plan, ImmutableArray<ParameterModel> parameters)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var parameter in parameters.Where(x => x.IsRequired && !build.Context.Parameters.Has(x)))
        {
            try
            {
                var value = parameter.Member is FieldInfo field ? field.GetValue(build) : ((PropertyInfo)parameter.Member).GetValue(build);
                if (value is null or "")
                    problems.Add(Missing(parameter, "this build"));
            }
            catch (TargetInvocationException e)
            {
                problems.Add(new Problem($"'{parameter.Name}' is required, and reading it ended with an error: {ErrorText.Of(e)}"));
            }
        }

        foreach (var target in plan.Targets.Where(x => x.SkipReason is null))
        {
            foreach (var requirement in model.Targets[target.Name].Definition.Requirements)
            {
                try
                {
                    if (requirement.IsMet())
                        continue;
                }
                catch (UserErrorException e)
                {
                    problems.Add(new Problem(e.Message, e.Remedy));
                    continue;
                }
                catch (Exception e)
                {
                    problems.Add(new Problem($"'{target.Name}' requires '{requirement.Text}', and finding it out ended with an error: {ErrorText.Of(e)}"));
                    continue;
                }

                problems.Add(requirement.Member is { } member && build.Context.Parameters.Find(member) is { } parameter
                    ? Missing(parameter, $"'{target.Name}'")
                    : new Problem($"'{target.Name}' requires: {requirement.Text}"));
            }
        }

        return [.. problems.Distinct()];

        static Problem Missing(ParameterModel parameter, string needer) => new(
            $"The parameter '{parameter.Switch}' is missing; {needer} requires it{(parameter.Attribute.Description is { } description ? $" ({description.TrimEnd('.')})" : "")}.",
            parameter.IsSecret
                ? $"Set the variable {ParameterName.Variable(parameter.Name)}."
                : $"Give it as '{parameter.Switch} VALUE', or set the variable {ParameterName.Variable(parameter.Name)}.");
    }

    async Task<BuildResult> RunVerbAsync(T build, Invocation invocation, CancellationToken cancellationToken)
    {
        var verbs = Verbs(build.GetType());
        var found = verbs.FirstOrDefault(x => x.Attribute.Name == invocation.Verb);
        if (found.Attribute is null)
        {
            var names = verbs.Select(x => x.Attribute.Name);
            return Reject([new Problem($"There is no verb ':{invocation.Verb}'.", Suggestion.Closest(invocation.Verb!, names) is { } closest ? $"Did you mean ':{closest}'?" : $"There are {string.Join(", ", names.Select(x => $":{x}"))}.")], ExitCodes.Usage);
        }

        if (invocation.Help)
            return Print([$":{found.Attribute.Name} {found.Attribute.Usage}".TrimEnd(), "", found.Attribute.Description]);
        var (arguments, problems) = CommandLineParser.ParseVerb(invocation.VerbWords, found.Attribute);
        if (!problems.IsEmpty)
            return Reject(problems, ExitCodes.Usage);
        try
        {
            await (Task)found.Method.Invoke(build, BindingFlags.DoNotWrapExceptions, null, [arguments, cancellationToken], null)!;
            return new BuildResult(ExitCodes.Success, []);
        }
        finally
        {
            build.Context.FlushPartial();
        }
    }

    static List<(MethodInfo Method, VerbAttribute Attribute)> Verbs(Type type)
    {
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return
        [
            .. type.GetInterfaces().Prepend(type)
                .SelectMany(x => x.GetMethods(Declared))
                .Select(x => (Method: x, Attribute: x.GetCustomAttribute<VerbAttribute>()!))
                .Where(x => x.Attribute is not null)
                .OrderBy(x => x.Attribute.Name, StringComparer.Ordinal),
        ];
    }

    AbsolutePath FindRoot(Invocation invocation)
    {
        if (invocation.Root is not null)
        {
            var root = AbsolutePath.Resolve(options.WorkingDirectory, invocation.Root);
            return root.DirectoryExists()
                ? root
                : throw new UserErrorException($"'--root {invocation.Root}': the directory '{root}' does not exist.") { ExitCode = ExitCodes.Usage };
        }

        return options.RootDirectory
            ?? AbsolutePath.Create(AppContext.BaseDirectory).FindParentOrSelf(HasMarker)
            ?? options.WorkingDirectory.FindParentOrSelf(HasMarker)
            ?? throw new UserErrorException(
                $"No directory '.nuke' was found above '{options.WorkingDirectory}'.",
                "Run inside a repository that has one, or name the root with '--root DIR'.")
            { ExitCode = ExitCodes.Usage };

        static bool HasMarker(AbsolutePath directory) => (directory / ".nuke").DirectoryExists();
    }

    /// <summary>What the targets say that they would do. One that cannot say it says why; the plan itself stands.</summary>
    async Task<BuildResult> PrintPreviewsAsync(BuildModel model, ExecutionPlan plan, CancellationToken cancellationToken)
    {
        foreach (var target in plan.Targets.Where(x => x.SkipReason is null))
        {
            foreach (var preview in model.Targets[target.Name].Definition.PreviewTexts)
            {
                string? text;
                try
                {
                    text = await preview(cancellationToken);
                }
                catch (UserErrorException e)
                {
                    text = e.Display;
                }

                if (text is not null)
                    Print(["", $"{target.Name}:", .. text.ReplaceLineEndings("\n").Split('\n').Select(x => $"  {x}".TrimEnd())]);
            }
        }

        return new BuildResult(ExitCodes.Success, []);
    }

    BuildResult Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            _output!.WriteRaw(line + Environment.NewLine);
        return new BuildResult(ExitCodes.Success, []);
    }

    BuildResult Reject(ImmutableArray<Problem> problems, int exitCode)
    {
        foreach (var problem in problems)
            _output!.WriteLine(problem.ToString(), LogLevel.Error);
        return new BuildResult(exitCode, []);
    }
}
