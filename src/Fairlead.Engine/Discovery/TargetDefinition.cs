using System.Runtime.CompilerServices;

namespace Fairlead.Engine;

/// <summary>Collects what a target says. References to other targets stay delegates here; <see cref="BuildModel"/> resolves them to names.</summary>
sealed class TargetDefinition(string name, IFairleadBuild build, TargetDefinition.BaseLookup inherited) : ITargetDefinition
{
    readonly List<(Relation Relation, Target Target)> _relations = [];
    readonly List<(Relation Relation, Type Component)> _missing = [];

    /// <summary>Finds the target of a name as a type declares it, past all overrides; a null type means the next base declaration.</summary>
    public delegate Target? BaseLookup(string name, Type? declaringType, int level);

    public enum Relation
    {
        DependsOn,
        DependentFor,
        Before,
        After,
        Triggers,
        TriggeredBy,
        Consumes,
    }

    int _level;

    public IFairleadBuild Build => build;

    public string? DescriptionText { get; private set; }

    public List<Func<CancellationToken, Task>> Bodies { get; } = [];

    public List<Func<CancellationToken, Task<string?>>> PreviewTexts { get; } = [];

    public IReadOnlyList<(Relation Relation, Target Target)> Relations => _relations;

    public IReadOnlyList<(Relation Relation, Type Component)> Missing => _missing;

    public List<Condition> StaticConditions { get; } = [];

    public List<Condition> DynamicConditions { get; } = [];

    public List<Requirement> Requirements { get; } = [];

    public List<string> Artifacts { get; } = [];

    public List<string> Errors { get; } = [];

    public DependencyBehavior Behavior { get; private set; } = DependencyBehavior.Execute;

    public bool IsAssured { get; private set; }

    public bool Proceeds { get; private set; }

    public bool IsUnlisted { get; private set; }

    public ITargetDefinition Description(string description)
    {
        DescriptionText = description;
        return this;
    }

    public ITargetDefinition Executes(params Action[] actions)
    {
        foreach (var action in actions)
        {
            // On the pool, so that synchronous bodies run beside each other too.
            Bodies.Add(token => Task.Run(action, token));
        }

        return this;
    }

    public ITargetDefinition Executes<T>(Func<T> action) => Executes(() => { _ = action(); });

    public ITargetDefinition Executes(Func<Task> action) => Executes(_ => action());

    public ITargetDefinition Executes(Func<CancellationToken, Task> action)
    {
        Bodies.Add(token => Task.Run(() => action(token), token));
        return this;
    }

    public ITargetDefinition DependsOn(params Target[] targets) => Relate(Relation.DependsOn, targets);

    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => Relate(Relation.DependsOn, targets, optional: false);

    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) => Relate(Relation.DependsOn, targets, optional: true);

    public ITargetDefinition DependentFor(params Target[] targets) => Relate(Relation.DependentFor, targets);

    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) => Relate(Relation.DependentFor, targets, optional: false);

    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) => Relate(Relation.DependentFor, targets, optional: true);

    public ITargetDefinition Before(params Target[] targets) => Relate(Relation.Before, targets);

    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Relate(Relation.Before, targets, optional: false);

    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => Relate(Relation.Before, targets, optional: true);

    public ITargetDefinition After(params Target[] targets) => Relate(Relation.After, targets);

    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => Relate(Relation.After, targets, optional: false);

    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => Relate(Relation.After, targets, optional: true);

    public ITargetDefinition Triggers(params Target[] targets) => Relate(Relation.Triggers, targets);

    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Relate(Relation.Triggers, targets, optional: false);

    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => Relate(Relation.Triggers, targets, optional: true);

    public ITargetDefinition TriggeredBy(params Target[] targets) => Relate(Relation.TriggeredBy, targets);

    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) => Relate(Relation.TriggeredBy, targets, optional: false);

    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) => Relate(Relation.TriggeredBy, targets, optional: true);

    public ITargetDefinition Consumes(params Target[] targets) => Relate(Relation.Consumes, targets);

    public ITargetDefinition Consumes<T>(params Func<T, Target>[] targets) => Relate(Relation.Consumes, targets, optional: false);

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string reason = "")
    {
        StaticConditions.Add(new Condition(condition, LambdaText.Body(reason)));
        return this;
    }

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string reason = "")
    {
        DynamicConditions.Add(new Condition(condition, LambdaText.Body(reason)));
        return this;
    }

    public ITargetDefinition WhenSkipped(DependencyBehavior behavior)
    {
        Behavior = behavior;
        return this;
    }

    public ITargetDefinition Previews(Func<CancellationToken, Task<string?>> preview)
    {
        PreviewTexts.Add(preview);
        return this;
    }

    public ITargetDefinition Requires(Func<bool> requirement, [CallerArgumentExpression(nameof(requirement))] string expression = "")
    {
        Requirements.Add(new Requirement(requirement, LambdaText.Body(expression), null));
        return this;
    }

    public ITargetDefinition Requires(Func<object?> requirement, [CallerArgumentExpression(nameof(requirement))] string expression = "")
    {
        Requirements.Add(new Requirement(() => requirement() is not (null or ""), LambdaText.Body(expression), LambdaText.Member(expression)));
        return this;
    }

    public ITargetDefinition Requires(
        Func<object?> first,
        Func<object?> second,
        [CallerArgumentExpression(nameof(first))] string firstExpression = "",
        [CallerArgumentExpression(nameof(second))] string secondExpression = "") =>
        Requires(first, firstExpression).Requires(second, secondExpression);

    public ITargetDefinition Requires(
        Func<object?> first,
        Func<object?> second,
        Func<object?> third,
        [CallerArgumentExpression(nameof(first))] string firstExpression = "",
        [CallerArgumentExpression(nameof(second))] string secondExpression = "",
        [CallerArgumentExpression(nameof(third))] string thirdExpression = "") =>
        Requires(first, second, firstExpression, secondExpression).Requires(third, thirdExpression);

    public ITargetDefinition AssuredAfterFailure()
    {
        IsAssured = true;
        return this;
    }

    public ITargetDefinition ProceedAfterFailure()
    {
        Proceeds = true;
        return this;
    }

    public ITargetDefinition Unlisted()
    {
        IsUnlisted = true;
        return this;
    }

    public ITargetDefinition Base()
    {
        var found = inherited(name, null, _level);
        if (found is null)
        {
            Errors.Add($"'{name}' says Base(), but neither a base class nor a component declares a target of that name.");
            return this;
        }

        // The inherited definition may say Base() again and then means the declaration after that one.
        _level++;
        found(this);
        _level--;
        return this;
    }

    public ITargetDefinition Inherit(params Target[] targets)
    {
        foreach (var target in targets)
            target(this);
        return this;
    }

    public ITargetDefinition Inherit<T>(params Func<T, Target>[] targets)
    {
        if (build is not T component)
        {
            Errors.Add($"'{name}' inherits from {typeof(T).Name}, which {build.GetType().Name} does not implement.");
            return this;
        }

        foreach (var target in targets.Select(x => x(component)))
        {
            // Seen from the build, the component's target of the same name is this one: the component's own declaration is meant.
            var declared = inherited(name, typeof(T), 0);
            if (declared is not null && BuildModel.NameOf(build, target) == name)
                declared(this);
            else
                target(this);
        }

        if (targets.Length == 0)
        {
            if (inherited(name, typeof(T), 0) is { } declared)
                declared(this);
            else
                Errors.Add($"'{name}' inherits from {typeof(T).Name}, which declares no target of that name.");
        }

        return this;
    }

    public ITargetDefinition Produces(params string[] artifacts)
    {
        Artifacts.AddRange(artifacts);
        return this;
    }

    TargetDefinition Relate(Relation relation, Target[] targets)
    {
        _relations.AddRange(targets.Select(x => (relation, x)));
        return this;
    }

    TargetDefinition Relate<T>(Relation relation, Func<T, Target>[] targets, bool optional)
    {
        if (build is not T component)
        {
            if (!optional)
                _missing.Add((relation, typeof(T)));
            return this;
        }

        if (targets.Length > 0)
            return Relate(relation, [.. targets.Select(x => x(component))]);

        var own = BuildModel.TargetsDeclaredBy(typeof(T), component).ToList();
        if (own is [var only])
            return Relate(relation, [only]);
        Errors.Add(own.Count == 0
            ? $"'{name}' refers to {typeof(T).Name}, which declares no target."
            : $"'{name}' refers to {typeof(T).Name}, which declares {own.Count} targets: name one, as in .{relation}<{typeof(T).Name}>(x => x.…).");
        return this;
    }
}
