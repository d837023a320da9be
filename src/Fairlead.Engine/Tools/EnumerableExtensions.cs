namespace Fairlead.Engine;

/// <summary>What build code does with lists.</summary>
public static class EnumerableExtensions
{
    /// <summary>Does something with each element.</summary>
    public static void ForEach<T>(this IEnumerable<T> elements, Action<T> action)
    {
        foreach (var element in elements)
            action(element);
    }
}
