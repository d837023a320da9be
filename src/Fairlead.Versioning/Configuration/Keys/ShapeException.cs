using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>A value has not the shape that its key wants. Never leaves the reader.</summary>
/// <param name="mistakes">What is wrong: the value or parts of it, each with what to do where there is more to say than what the shape says.</param>
sealed class ShapeException(ImmutableArray<(YamlValue Value, string? Remedy)> mistakes) : Exception
{
    public ShapeException(YamlValue value, string? remedy = null)
        : this([(value, remedy)])
    {
    }

    public ImmutableArray<(YamlValue Value, string? Remedy)> Mistakes => mistakes;

    /// <summary>Reads every item, and throws once for all that have another shape.</summary>
    public static ImmutableArray<T> ReadAll<TItem, T>(IEnumerable<TItem> items, Func<TItem, T> read)
    {
        var results = ImmutableArray.CreateBuilder<T>();
        var mistakes = ImmutableArray.CreateBuilder<(YamlValue, string?)>();
        foreach (var item in items)
        {
            try
            {
                results.Add(read(item));
            }
            catch (ShapeException exception)
            {
                mistakes.AddRange(exception.Mistakes);
            }
        }

        return mistakes.Count == 0 ? results.ToImmutable() : throw new ShapeException(mistakes.ToImmutable());
    }
}
