using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Fairlead.Engine;

/// <summary>A set of named values that is open to others: public static fields of the class, converted from and to text.</summary>
public abstract class Enumeration : IEquatable<Enumeration>
{
    /// <summary>The text of the value.</summary>
    protected string Value { get; init; } = "";

    /// <summary>Whether both have the same text.</summary>
    public bool Equals(Enumeration? other) => other is not null && other.GetType() == GetType() && other.Value == Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Enumeration);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>The text of the value.</summary>
    public override string ToString() => Value;

    /// <summary>Whether both have the same text.</summary>
    public static bool operator ==(Enumeration? left, Enumeration? right) => Equals(left, right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Enumeration? left, Enumeration? right) => !Equals(left, right);

    internal static IReadOnlyList<Enumeration> ValuesOf(Type type) =>
    [
        .. type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(x => x.FieldType == type)
            .Select(x => (Enumeration)x.GetValue(null)!),
    ];

    /// <summary>Converts text to one of the values of <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public sealed class TypeConverter<T> : TypeConverter
        where T : Enumeration
    {
        /// <inheritdoc/>
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        /// <inheritdoc/>
        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            ValuesOf(typeof(T)).FirstOrDefault(x => x.Value.Equals((string)value, StringComparison.OrdinalIgnoreCase));
    }
}
