using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// The base class of a build: <c>class Build : FairleadBuild, ICompile, ITest { public static int Main() => Execute&lt;Build>(x => x.Compile); }</c>.
/// </summary>
public abstract class FairleadBuild : IFairleadBuild, IBuildEvents
{
    readonly ConcurrentQueue<(string Key, string Value)> _summary = new();
    readonly ConcurrentDictionary<string, object?> _injected = new(StringComparer.Ordinal);
    Func<TargetStatus[], IReadOnlyList<string>>? _targetsWith;
    IReadOnlyList<string> _invoked = [];
    BuildModel? _model;

    /// <summary>Made by <see cref="Execute{T}"/> and <see cref="RunAsync{T}"/> only.</summary>
    protected FairleadBuild() => Context = BuildContext.Current;

    /// <inheritdoc cref="IFairleadBuild.Context"/>
    public BuildContext Context { get; }

    /// <summary>The root of the repository.</summary>
    public static AbsolutePath RootDirectory => BuildContext.Current.RootDirectory;

    /// <summary>A place for files that nobody misses: <c>.nuke/temp</c>.</summary>
    public static AbsolutePath TemporaryDirectory => RootDirectory / ".nuke" / "temp";

    /// <summary>Where the build runs.</summary>
    public static Host Host => BuildContext.Current.Host;

    /// <summary>Whether the build runs on a developer's machine.</summary>
    public static bool IsLocalBuild => Host == Host.Terminal;

    /// <summary>Whether the build runs on a build server.</summary>
    public static bool IsServerBuild => Host != Host.Terminal;

    /// <summary>How much the build says.</summary>
    public static Verbosity Verbosity => BuildContext.Current.Verbosity;

    /// <inheritdoc/>
    public TargetSet InvokedTargets => Set(_invoked);

    /// <inheritdoc/>
    public TargetSet ScheduledTargets => With(TargetStatus.Scheduled);

    /// <inheritdoc/>
    public TargetSet RunningTargets => With(TargetStatus.Running);

    /// <inheritdoc/>
    public TargetSet SucceededTargets => With(TargetStatus.Succeeded);

    /// <inheritdoc/>
    public TargetSet FailedTargets => With(TargetStatus.Failed);

    /// <inheritdoc/>
    public TargetSet SkippedTargets => With(TargetStatus.Skipped);

    /// <inheritdoc/>
    public TargetSet AbortedTargets => With(TargetStatus.Aborted);

    /// <inheritdoc/>
    public TargetSet FinishedTargets => With(
        TargetStatus.Succeeded, TargetStatus.Failed, TargetStatus.Skipped, TargetStatus.Aborted, TargetStatus.NotRun, TargetStatus.Collective);

    /// <summary>Whether nothing has failed so far.</summary>
    public bool IsSucceeding => FailedTargets.Count == 0;

    /// <summary>Whether something has failed.</summary>
    public bool IsFailing => !IsSucceeding;

    internal IEnumerable<(string Key, string Value)> Summary => _summary;

    internal BuildModel Model => _model ??= BuildModel.Of(this);

    /// <summary>
    /// The entry point of a build program: reads the command line, runs what it asks for, and returns the exit code. Without targets on
    /// the command line the default ones run; without defaults the help is shown.
    /// </summary>
    public static int Execute<T>(params Func<T, Target>[] defaultTargets)
        where T : FairleadBuild, new() => BuildProgram.Execute(defaultTargets);

    /// <summary>Runs a build from code. Several can run in one process, also at the same time.</summary>
    public static Task<BuildResult> RunAsync<T>(BuildOptions options, params Func<T, Target>[] defaultTargets)
        where T : FairleadBuild, new() => new BuildRun<T>(options, defaultTargets).RunAsync(options.CancellationToken);

    /// <summary>
    /// How many targets may run at once when the user does not say; null: as many as there are cores. Builds that come from NUKE, whose order
    /// was fixed by running one at a time, say 1 until <c>--plan</c> shows that nothing relies on it.
    /// </summary>
    protected internal virtual int? DefaultParallelism => null;

    /// <summary>This build as one of its components, whose members are then at hand.</summary>
    public T From<T>()
        where T : IFairleadBuild => (T)(object)this;

    /// <inheritdoc/>
    public T? TryGetValue<T>(Func<T> member, [CallerArgumentExpression(nameof(member))] string expression = "")
    {
        var name = LambdaText.Member(expression);
        if (Context.Parameters.Find(name) is { } parameter)
            return Context.Parameters.Get(parameter, typeof(T)) is T given ? given : default;
        var value = _injected.GetOrAdd(name, x => InjectionOf(x) is var (attribute, info)
            ? Inject(attribute, info)
            : throw new InvalidOperationException($"TryGetValue(() => {x}): no member of that name has [Parameter] or an injecting attribute."));
        return value is T injected ? injected : default;
    }

    /// <inheritdoc/>
    public void ReportSummary(string key, string value) => _summary.Enqueue((key, value));

    /// <summary>After the object is made and its values are injected.</summary>
    protected virtual void OnBuildCreated()
    {
    }

    /// <summary>When the plan is made, before the first target.</summary>
    protected virtual void OnBuildInitialized()
    {
    }

    /// <summary>After the last target, however the build ended.</summary>
    protected virtual void OnBuildFinished()
    {
    }

    /// <summary>Before a target's body.</summary>
    protected virtual void OnTargetRunning(string target)
    {
    }

    /// <summary>When a target is left out.</summary>
    protected virtual void OnTargetSkipped(string target)
    {
    }

    /// <summary>After a target's body.</summary>
    protected virtual void OnTargetSucceeded(string target)
    {
    }

    /// <summary>After a target's body ended with an error.</summary>
    protected virtual void OnTargetFailed(string target)
    {
    }

    void IBuildEvents.OnTargetRunning(string target) => OnTargetRunning(target);

    void IBuildEvents.OnTargetSkipped(string target) => OnTargetSkipped(target);

    void IBuildEvents.OnTargetSucceeded(string target) => OnTargetSucceeded(target);

    void IBuildEvents.OnTargetFailed(string target) => OnTargetFailed(target);

    internal void Created(bool tolerant)
    {
        InjectFields(tolerant);
        OnBuildCreated();
    }

    internal void Initialized(IReadOnlyList<string> invoked, Func<TargetStatus[], IReadOnlyList<string>> targetsWith)
    {
        (_invoked, _targetsWith) = (invoked, targetsWith);
        OnBuildInitialized();
    }

    internal void Invoked(IReadOnlyList<string> invoked) => _invoked = invoked;

    internal void Finished() => OnBuildFinished();

    /// <param name="tolerant">Whether a value that cannot be had stays away: verbs and help work without it, and may be what mends it.</param>
    void InjectFields(bool tolerant)
    {
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var type = GetType(); type != typeof(FairleadBuild); type = type.BaseType!)
        {
            foreach (var member in type.GetMembers(Declared))
            {
                // Read-only auto-properties are written through their field; computed properties ask for themselves.
                var field = member as FieldInfo ?? (member is PropertyInfo property ? type.GetField($"<{property.Name}>k__BackingField", Declared) : null);
                if (field is null)
                    continue;
                if (member.IsDefined(typeof(ParameterAttribute)))
                {
                    if (Context.Parameters.Find(member.Name) is { } parameter && Context.Parameters.Has(parameter))
                        field.SetValue(this, Context.Parameters.Get(parameter));
                }
                else if (member.GetCustomAttribute<ValueInjectionAttribute>() is { } attribute)
                {
                    try
                    {
                        field.SetValue(this, Inject(attribute, member));
                    }
                    catch (UserErrorException) when (tolerant)
                    {
                    }
                }
            }
        }
    }

    object? Inject(ValueInjectionAttribute attribute, MemberInfo member)
    {
        var value = attribute.GetValue(Context);
        return value is null && member.IsDefined(typeof(RequiredAttribute))
            ? throw new UserErrorException($"'{member.DeclaringType!.Name}.{member.Name}' is required, and {attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)} found none in '{RootDirectory}'.")
            {
                ExitCode = ExitCodes.Usage,
            }
            : value;
    }

    (ValueInjectionAttribute Attribute, MemberInfo Member)? InjectionOf(string name)
    {
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var member in GetType().GetInterfaces().Prepend(GetType()).SelectMany(x => x.GetMember(name, Declared)))
        {
            if (member.GetCustomAttribute<ValueInjectionAttribute>() is { } attribute)
                return (attribute, member);
        }

        return null;
    }

    TargetSet With(params TargetStatus[] statuses) => Set(_targetsWith?.Invoke(statuses) ?? []);

    TargetSet Set(IReadOnlyList<string> names) => new(names, x => Model.NameOf(x));
}
