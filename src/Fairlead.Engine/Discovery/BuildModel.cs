using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>The targets of a build object, found by reflection over its class and components, and the graph that they form.</summary>
sealed class BuildModel
{
    const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    readonly Dictionary<Target, string> _names;

    BuildModel(Dictionary<string, ExecutableTarget> targets, Dictionary<Target, string> names, TargetGraph graph, ImmutableArray<Problem> problems)
    {
        Targets = targets;
        _names = names;
        Graph = graph;
        Problems = problems;
    }

    public IReadOnlyDictionary<string, ExecutableTarget> Targets { get; }

    public TargetGraph Graph { get; }

    /// <summary>What is wrong with the build itself. Cycles are found when a plan is made.</summary>
    public ImmutableArray<Problem> Problems { get; }

    public string? NameOf(Target target) => _names.GetValueOrDefault(target);

    /// <summary>Reads all targets. Their definitions are evaluated, their bodies are not.</summary>
    public static BuildModel Of(IFairleadBuild build)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var names = new Dictionary<Target, string>();
        var targets = new Dictionary<string, ExecutableTarget>(StringComparer.Ordinal);
        foreach (var group in Properties(build.GetType()).GroupBy(x => TargetName(x), StringComparer.OrdinalIgnoreCase))
        {
            var values = group.Select(x => (Property: x, Value: Value(x, build))).DistinctBy(x => x.Value).ToList();
            var (property, target) = values[0];
            if (values.Count > 1)
            {
                problems.Add(new Problem(
                    $"There are {values.Count} targets of the name '{group.Key}': {string.Join(" and ", values.Select(x => $"{x.Property.DeclaringType!.Name}.{TargetName(x.Property)}"))}.",
                    $"Rename one, or declare 'public Target {group.Key}' on {build.GetType().Name} to stand for both."));
            }

            var name = TargetName(property);
            foreach (var (_, value) in values)
            {
                if (!names.TryAdd(value, name))
                {
                    problems.Add(new Problem(
                        $"The targets '{names[value]}' and '{name}' are the same.",
                        $"Make one depend on the other: Target {name} => _ => _.DependsOn({names[value]})."));
                }
            }

            var definition = new TargetDefinition(name, build, (n, type, level) => Inherited(build, property, n, type, level));
            try
            {
                target(definition);
            }
            catch (Exception e)
            {
                problems.Add(new Problem($"The definition of '{name}' ends with an error: {e.Message}", "A definition only describes; put what it does into Executes(...)."));
            }

            problems.AddRange(definition.Errors.Select(x => new Problem(x)));
            targets[name] = new ExecutableTarget(Node(name, definition), definition);
        }

        var edges = Edges(build, targets, names, problems);
        return new BuildModel(targets, names, new TargetGraph(targets.Values.Select(x => x.Node), edges), problems.ToImmutable());
    }

    /// <summary>The targets that a type itself declares, as the build object has them.</summary>
    public static IEnumerable<Target> TargetsDeclaredBy(Type type, object build) =>
        type.GetProperties(Declared).Where(IsTarget).Select(x => Value(x, build));

    /// <summary>The name of a target of the build object, or null.</summary>
    public static string? NameOf(object build, Target target) =>
        Properties(build.GetType()).Where(x => Value(x, build) == target).Select(TargetName).FirstOrDefault();

    static TargetNode Node(string name, TargetDefinition definition) => new(name)
    {
        Description = definition.DescriptionText,
        Listed = !definition.IsUnlisted,
        HasBody = definition.Bodies.Count > 0,
        WhenSkipped = definition.Behavior,
        AssuredAfterFailure = definition.IsAssured,
        ProceedAfterFailure = definition.Proceeds,
    };

    static List<TargetEdge> Edges(
        object build, Dictionary<string, ExecutableTarget> targets, Dictionary<Target, string> names, ImmutableArray<Problem>.Builder problems)
    {
        List<TargetEdge> edges = [];
        foreach (var (name, target) in targets)
        {
            foreach (var (relation, component) in target.Definition.Missing)
            {
                problems.Add(new Problem(
                    $"'{name}' refers to a target of {component.Name} ({relation}), which {build.GetType().Name} does not implement.",
                    $"Add {component.Name} to {build.GetType().Name}, or use Try{relation}."));
            }

            foreach (var (relation, other) in target.Definition.Relations)
            {
                if (!names.TryGetValue(other, out var otherName))
                {
                    problems.Add(names.Keys.Any(x => x.Method == other.Method)
                        ? new Problem(
                            $"'{name}' refers ({relation}) to a target that is made anew each time its property is read.",
                            "Write the property with a lambda: Target X => _ => _…; what several targets share goes into an extension method of ITargetDefinition.")
                        : new Problem(
                            $"'{name}' refers ({relation}) to a target that is no property of {build.GetType().Name} or its components.",
                            "Give it a name: declare it as a property of type Target."));
                    continue;
                }

                edges.Add(relation switch
                {
                    TargetDefinition.Relation.DependsOn => new TargetEdge(otherName, name, EdgeKind.Dependency),
                    TargetDefinition.Relation.DependentFor => new TargetEdge(name, otherName, EdgeKind.Dependency),
                    TargetDefinition.Relation.Before => new TargetEdge(name, otherName, EdgeKind.Order),
                    TargetDefinition.Relation.After or TargetDefinition.Relation.Consumes => new TargetEdge(otherName, name, EdgeKind.Order),
                    TargetDefinition.Relation.Triggers => new TargetEdge(name, otherName, EdgeKind.Trigger),
                    _ => new TargetEdge(otherName, name, EdgeKind.Trigger),
                });
            }
        }

        // Who depends on a target need not say also that it runs after it.
        var dependencies = edges.Where(x => x.Kind == EdgeKind.Dependency).Select(x => (x.Earlier, x.Later)).ToHashSet();
        return [.. edges.Where(x => x.Kind != EdgeKind.Order || !dependencies.Contains((x.Earlier, x.Later)))];
    }

    /// <summary>All target properties: those of the class and its bases, most derived first, then those of its components.</summary>
    static IEnumerable<PropertyInfo> Properties(Type type)
    {
        var bases = Bases(type);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in bases.SelectMany(x => x.GetProperties(Declared)).Where(IsTarget))
        {
            // Overridden declarations and explicit implementations are reached through the virtual call.
            if (seen.Add(property.Name) && !property.Name.Contains('.', StringComparison.Ordinal))
                yield return property;
        }

        // In the order in which the class names its components, each after those that it stands on.
        foreach (var property in type.GetInterfaces().SelectMany(x => x.GetProperties(Declared)).Where(IsTarget).Where(x => !x.Name.Contains('.', StringComparison.Ordinal)))
            yield return property;
    }

    static List<Type> Bases(Type type)
    {
        List<Type> bases = [];
        for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
            bases.Add(current);
        return bases;
    }

    static bool IsTarget(PropertyInfo property) => property.PropertyType == typeof(Target) && property.GetMethod is not null;

    static string TargetName(PropertyInfo property) => property.Name;

    static Target Value(PropertyInfo property, object build)
    {
        try
        {
            return (Target?)property.GetValue(build)
                ?? throw new UserErrorException($"The target '{property.Name}' of {property.DeclaringType!.Name} is null.", "Write it with an arrow: Target X => _ => _...") { ExitCode = ExitCodes.InvalidBuild };
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            throw new UserErrorException($"The target '{property.Name}' of {property.DeclaringType!.Name} cannot be read: {e.InnerException.Message}", null, e.InnerException) { ExitCode = ExitCodes.InvalidBuild };
        }
    }

    /// <summary>The declaration of a target in a type, or the level-th one that the property overrides, called past all overrides.</summary>
    static Target? Inherited(object build, PropertyInfo property, string name, Type? declaringType, int level)
    {
        // Where interfaces override interfaces, the most derived declaration is the one in force.
        IEnumerable<Type> types = declaringType switch
        {
            null => [.. Bases(build.GetType()), .. MostDerivedFirst(build.GetType().GetInterfaces())],
            { IsInterface: true } => MostDerivedFirst([declaringType, .. declaringType.GetInterfaces()]),
            _ => Bases(declaringType),
        };
        return types
            .SelectMany(x => x.GetProperties(Declared))
            .Where(x => IsTarget(x) && !x.GetMethod!.IsAbstract && (x.Name == name || x.Name.EndsWith($".{name}", StringComparison.Ordinal)))
            .Select(x => NonVirtual(build, x))
            .Distinct()
            // Without a type: the first is the one in force, whose definition is being read.
            .Skip(declaringType is null ? level + 1 : 0)
            .FirstOrDefault();
    }

    static IOrderedEnumerable<Type> MostDerivedFirst(IEnumerable<Type> interfaces) => interfaces.OrderByDescending(x => x.GetInterfaces().Length);

    [SuppressMessage("Reliability", "CA2020", Justification = "A function pointer is an address.")]
    static Target NonVirtual(object build, PropertyInfo property)
    {
        // A delegate made from the function's own address calls exactly this declaration; reflection would call the override.
        var pointer = property.GetMethod!.MethodHandle.GetFunctionPointer();
        return ((Func<Target>)Activator.CreateInstance(typeof(Func<Target>), build, pointer)!)();
    }
}
