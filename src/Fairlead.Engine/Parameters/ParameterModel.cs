using System.Collections.Immutable;
using System.Reflection;

namespace Fairlead.Engine;

/// <summary>A parameter that the build class or one of its components declares.</summary>
/// <param name="Member">The field or property.</param>
/// <param name="Name">Its name, as in code.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Attribute">What the author said.</param>
/// <param name="IsSecret">Whether its value appears in no output.</param>
/// <param name="IsRequired">Whether it must have a value whatever is run.</param>
sealed record ParameterModel(MemberInfo Member, string Name, Type Type, ParameterAttribute Attribute, bool IsSecret, bool IsRequired)
{
    /// <summary><c>--nuget-api-key</c>.</summary>
    public string Switch => $"--{ParameterName.Dashed(Name)}";

    public bool IsFlag => (Nullable.GetUnderlyingType(Type) ?? Type) == typeof(bool);

    public bool IsList => ParameterConverter.ElementType(Type) is not null;

    /// <summary>All parameters of a build class, each name once: the class's own declaration wins over a component's.</summary>
    public static ImmutableArray<ParameterModel> Of(Type buildType)
    {
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        List<Type> types = [];
        for (var current = buildType; current is not null && current != typeof(object); current = current.BaseType)
            types.Add(current);
        types.AddRange(buildType.GetInterfaces());
        return
        [
            .. types.SelectMany(x => x.GetMembers(Declared))
                .Select(x => (Member: x, Attribute: x.GetCustomAttribute<ParameterAttribute>()))
                .Where(x => x.Attribute is not null)
                .Select(x => new ParameterModel(
                    x.Member,
                    x.Attribute!.Name ?? x.Member.Name,
                    x.Member is FieldInfo field ? field.FieldType : ((PropertyInfo)x.Member).PropertyType,
                    x.Attribute,
                    x.Member.IsDefined(typeof(SecretAttribute)),
                    x.Member.IsDefined(typeof(RequiredAttribute))))
                .DistinctBy(x => ParameterName.Normalize(x.Name))
                .OrderBy(x => x.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }
}
