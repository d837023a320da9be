using System.Collections;
using System.ComponentModel;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>Turns the texts that a user gave into a value.</summary>
static class ParameterConverter
{
    /// <summary>The element type of a list, or null for a single value.</summary>
    public static Type? ElementType(Type type)
    {
        if (type == typeof(string))
            return null;
        if (type.IsArray)
            return type.GetElementType();
        return type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[0] : null;
    }

    /// <summary>The values that a user can choose from, or none when any text of the type will do.</summary>
    public static IReadOnlyList<string> Choices(Type type)
    {
        var single = ElementType(type) ?? type;
        single = Nullable.GetUnderlyingType(single) ?? single;
        if (single.IsEnum)
            return Enum.GetNames(single);
        return single.IsSubclassOf(typeof(Enumeration)) ? [.. Enumeration.ValuesOf(single).Select(x => x.ToString())] : [];
    }

    /// <summary>The value, or a problem.</summary>
    /// <param name="texts">One text for a single value; any number for a list.</param>
    /// <param name="type">The wanted type.</param>
    /// <param name="baseDirectory">What relative paths are relative to.</param>
    /// <param name="source">Where the texts are from, for the message: <c>--name</c>.</param>
    /// <param name="isSecret">Whether the message must not show the texts.</param>
    public static (object? Value, Problem? Problem) Convert(IReadOnlyList<string> texts, Type type, AbsolutePath baseDirectory, string source, bool isSecret)
    {
        if (ElementType(type) is { } element)
        {
            var list = Array.CreateInstance(element, texts.Count);
            for (var i = 0; i < texts.Count; i++)
            {
                var (value, problem) = ConvertOne(texts[i], element, baseDirectory, source, isSecret);
                if (problem is not null)
                    return (null, problem);
                list.SetValue(value, i);
            }

            if (type.IsInstanceOfType(list))
                return (list, null);
            try
            {
                // List<T>, HashSet<T> and the like take the elements in their constructor.
                return (Activator.CreateInstance(type, list), null);
            }
            catch (MissingMethodException)
            {
                return (null, new Problem($"{source}: parameters of type {type.Name} are not supported.", $"Declare it as {element.Name}[]."));
            }
        }

        return texts.Count == 1
            ? ConvertOne(texts[0], type, baseDirectory, source, isSecret)
            : (null, new Problem($"{source} takes one value, and got {texts.Count}."));
    }

    static (object? Value, Problem? Problem) ConvertOne(string text, Type type, AbsolutePath baseDirectory, string source, bool isSecret)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return (text, null);
        if (type == typeof(AbsolutePath))
            return text.Contains('\0', StringComparison.Ordinal) ? Wrong("a path") : (AbsolutePath.Resolve(baseDirectory, text), null);
        if (type == typeof(bool))
        {
            return text.ToUpperInvariant() switch
            {
                "TRUE" or "1" or "YES" or "ON" => (true, null),
                "FALSE" or "0" or "NO" or "OFF" => (false, null),
                _ => Wrong("true or false"),
            };
        }

        if (Choices(type) is { Count: > 0 } choices)
        {
            var match = choices.FirstOrDefault(x => x.Equals(text, StringComparison.OrdinalIgnoreCase));
            if (match is null)
                return Wrong($"one of {string.Join(", ", choices)}", Suggestion.Sentence(text, choices));
            return (type.IsEnum ? Enum.Parse(type, match) : Enumeration.ValuesOf(type).First(x => x.ToString() == match), null);
        }

        try
        {
            var converter = TypeDescriptor.GetConverter(type);
            return converter.CanConvertFrom(typeof(string))
                ? (converter.ConvertFromString(null, CultureInfo.InvariantCulture, text), null)
                : (null, new Problem($"{source}: parameters of type {type.Name} cannot be made from text.", "Use a type that has a TypeConverter."));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException || e.InnerException is FormatException or OverflowException)
        {
            return Wrong(type.IsPrimitive ? $"a number ({type.Name})" : $"a {type.Name}");
        }

        (object?, Problem) Wrong(string wanted, string? remedy = null) =>
            (null, new Problem($"{source}: {(isSecret ? "the value" : $"'{text}'")} is not {wanted}.", remedy));
    }
}
