using System.Runtime.CompilerServices;

namespace Fairlead.Engine;

/// <summary>
/// The verbs of a target. Those with a type parameter reach targets of components: <c>.DependsOn&lt;ICompile&gt;(x => x.Compile)</c>, or
/// <c>.DependsOn&lt;ICompile&gt;()</c> when the component declares one target. Their <c>Try…</c> forms do nothing when the build does not have the
/// component.
/// </summary>
public interface ITargetDefinition
{
    /// <summary>The build that the target belongs to: for extension methods that define whole targets.</summary>
    IFairleadBuild Build { get; }

    /// <summary>One sentence for <c>--list</c> and <c>--help</c>.</summary>
    ITargetDefinition Description(string description);

    /// <summary>What the target does. Several bodies run one after the other.</summary>
    ITargetDefinition Executes(params Action[] actions);

    /// <summary>What the target does; the value is not used.</summary>
    ITargetDefinition Executes<T>(Func<T> action);

    /// <summary>What the target does.</summary>
    ITargetDefinition Executes(Func<Task> action);

    /// <summary>What the target does; the token is cancelled by Ctrl-C and SIGTERM.</summary>
    ITargetDefinition Executes(Func<CancellationToken, Task> action);

    /// <summary>These run before this one, and must succeed.</summary>
    ITargetDefinition DependsOn(params Target[] targets);

    /// <inheritdoc cref="DependsOn(Target[])"/>
    ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="DependsOn(Target[])"/>
    ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets);

    /// <summary>This one runs before those, which depend on it.</summary>
    ITargetDefinition DependentFor(params Target[] targets);

    /// <inheritdoc cref="DependentFor(Target[])"/>
    ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="DependentFor(Target[])"/>
    ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets);

    /// <summary>When both run, this one runs first.</summary>
    ITargetDefinition Before(params Target[] targets);

    /// <inheritdoc cref="Before(Target[])"/>
    ITargetDefinition Before<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="Before(Target[])"/>
    ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets);

    /// <summary>When both run, this one runs last.</summary>
    ITargetDefinition After(params Target[] targets);

    /// <inheritdoc cref="After(Target[])"/>
    ITargetDefinition After<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="After(Target[])"/>
    ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets);

    /// <summary>When this one runs, those run after it.</summary>
    ITargetDefinition Triggers(params Target[] targets);

    /// <inheritdoc cref="Triggers(Target[])"/>
    ITargetDefinition Triggers<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="Triggers(Target[])"/>
    ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets);

    /// <summary>When one of those runs, this one runs after it.</summary>
    ITargetDefinition TriggeredBy(params Target[] targets);

    /// <inheritdoc cref="TriggeredBy(Target[])"/>
    ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="TriggeredBy(Target[])"/>
    ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets);

    /// <summary>Skips the target when the condition, evaluated before anything runs, is false.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="reason">What is shown when it is false; by default the condition's own text.</param>
    ITargetDefinition OnlyWhenStatic(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string reason = "");

    /// <summary>Skips the target when the condition, evaluated just before its turn, is false.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="reason">What is shown when it is false; by default the condition's own text.</param>
    ITargetDefinition OnlyWhenDynamic(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string reason = "");

    /// <summary>What becomes of the dependencies when a static condition or <c>--skip</c> skips this target.</summary>
    ITargetDefinition WhenSkipped(DependencyBehavior behavior);

    /// <summary>What the target itself would do now, for <c>--plan</c>: text of several lines, or null. It changes nothing.</summary>
    ITargetDefinition Previews(Func<CancellationToken, Task<string?>> preview);

    /// <summary>The condition must hold before anything runs.</summary>
    ITargetDefinition Requires(Func<bool> requirement, [CallerArgumentExpression(nameof(requirement))] string expression = "");

    /// <summary>The parameter must have a value before anything runs.</summary>
    ITargetDefinition Requires(Func<object?> requirement, [CallerArgumentExpression(nameof(requirement))] string expression = "");

    /// <summary>Both parameters must have values before anything runs.</summary>
    ITargetDefinition Requires(
        Func<object?> first,
        Func<object?> second,
        [CallerArgumentExpression(nameof(first))] string firstExpression = "",
        [CallerArgumentExpression(nameof(second))] string secondExpression = "");

    /// <summary>All three parameters must have values before anything runs.</summary>
    ITargetDefinition Requires(
        Func<object?> first,
        Func<object?> second,
        Func<object?> third,
        [CallerArgumentExpression(nameof(first))] string firstExpression = "",
        [CallerArgumentExpression(nameof(second))] string secondExpression = "",
        [CallerArgumentExpression(nameof(third))] string thirdExpression = "");

    /// <summary>Runs also after another target has failed, or after Ctrl-C: for cleaning up.</summary>
    ITargetDefinition AssuredAfterFailure();

    /// <summary>When this one fails, the others go on. The build fails at its end.</summary>
    ITargetDefinition ProceedAfterFailure();

    /// <summary>Leaves the target out of <c>--list</c> and <c>--help</c>.</summary>
    ITargetDefinition Unlisted();

    /// <summary>Takes over everything that the overridden target of the base class or component says.</summary>
    ITargetDefinition Base();

    /// <summary>Takes over everything that these targets say.</summary>
    ITargetDefinition Inherit(params Target[] targets);

    /// <summary>
    /// Takes over everything that a component's targets say, as the component declares them; without arguments, its target of the same
    /// name.
    /// </summary>
    ITargetDefinition Inherit<T>(params Func<T, Target>[] targets);

    /// <summary>Files or globs that this target makes for other machines.</summary>
    ITargetDefinition Produces(params string[] artifacts);

    /// <summary>Needs what those targets produce.</summary>
    ITargetDefinition Consumes(params Target[] targets);

    /// <inheritdoc cref="Consumes(Target[])"/>
    ITargetDefinition Consumes<T>(params Func<T, Target>[] targets);
}
