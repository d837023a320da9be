using System.Collections;

namespace Fairlead.Tooling;

/// <summary>Sets of environment variables, whose names Windows compares without case (<c>Path</c>) and Unix with it.</summary>
public static class EnvironmentVariables
{
    /// <summary>Compares names as this system does.</summary>
    public static StringComparer NameComparer { get; } = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The variables of this process, as they are now.</summary>
    public static IReadOnlyDictionary<string, string> Current() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(x => (string)x.Key, x => (string?)x.Value ?? "", NameComparer);

    /// <summary>The first set with changes: a null value removes. The comparer is never taken from the sets, which may have come with any.</summary>
    internal static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> variables, IEnumerable<KeyValuePair<string, string?>> changes, StringComparer comparer)
    {
        var merged = new Dictionary<string, string>(variables.Count, comparer);
        foreach (var (name, value) in variables)
            merged[name] = value;
        foreach (var (name, value) in changes)
        {
            if (value is null)
                merged.Remove(name);
            else
                merged[name] = value;
        }

        return merged;
    }
}
