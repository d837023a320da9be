namespace Fairlead.Engine;

/// <summary>Ways to put settings together.</summary>
public static class SettingsExtensions
{
    /// <summary>Applies changes that were prepared elsewhere.</summary>
    public static T Apply<T>(this T settings, Configure<T> configure) => configure(settings);

    /// <summary>Applies changes that were prepared elsewhere, with a value.</summary>
    public static T Apply<T, TValue>(this T settings, Configure<T, TValue> configure, TValue value) => configure(settings, value);

    /// <summary>Applies changes that were prepared elsewhere to each of the settings.</summary>
    public static IEnumerable<T> Apply<T>(this IEnumerable<T> settings, Configure<T> configure) => [.. settings.Select(x => configure(x))];

    /// <summary>Applies changes that were prepared elsewhere, with a value, to each of the settings.</summary>
    public static IEnumerable<T> Apply<T, TValue>(this IEnumerable<T> settings, Configure<T, TValue> configure, TValue value) => [.. settings.Select(x => configure(x, value))];

    /// <summary>Applies changes when the condition is true.</summary>
    public static T When<T>(this T settings, bool condition, Configure<T> configure) => condition ? configure(settings) : settings;

    /// <summary>Applies changes when the condition, asked about the settings so far, is true.</summary>
    public static T When<T>(this T settings, Func<T, bool> condition, Configure<T> configure) => condition(settings) ? configure(settings) : settings;

    /// <summary>Applies changes when the value is there.</summary>
    public static T WhenNotNull<T, TValue>(this T settings, TValue? value, Configure<T, TValue> configure)
        where TValue : class => value is null ? settings : configure(settings, value);

    /// <summary>One settings for each value.</summary>
    public static IEnumerable<T> CombineWith<T, TValue>(this T settings, IEnumerable<TValue> values, Configure<T, TValue> configure) =>
        [.. values.Select(x => configure(settings, x))];

    /// <summary>Every one of the settings with every value.</summary>
    public static IEnumerable<T> CombineWith<T, TValue>(this IEnumerable<T> settings, IEnumerable<TValue> values, Configure<T, TValue> configure)
    {
        var all = values.ToList();
        return [.. settings.SelectMany(x => all.Select(v => configure(x, v)))];
    }
}
