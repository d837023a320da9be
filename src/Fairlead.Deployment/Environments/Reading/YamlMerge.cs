using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Puts one mapping over another: mappings merge key by key, lists and single values replace.</summary>
static class YamlMerge
{
    // Nothing in the file is nested deeper; aliases could be.
    const int Deepest = 8;

    public static YamlMap Merge(YamlMap low, YamlMap high) => Merge(low, high, 0);

    static YamlMap Merge(YamlMap low, YamlMap high, int depth)
    {
        if (ReferenceEquals(low, high) || depth > Deepest)
            return high;
        var stronger = high.Entries.ToDictionary(x => x.Key.Text, StringComparer.Ordinal);
        var entries = ImmutableArray.CreateBuilder<(YamlScalar Key, YamlNode Value)>();
        foreach (var entry in low.Entries)
        {
            if (!stronger.Remove(entry.Key.Text, out var winner))
                entries.Add(entry);
            else
                entries.Add((winner.Key, entry.Value is YamlMap below && winner.Value is YamlMap above ? Merge(below, above, depth + 1) : winner.Value));
        }

        entries.AddRange(high.Entries.Where(x => stronger.ContainsKey(x.Key.Text)));
        return new YamlMap(high.Where, entries.ToImmutable());
    }
}
