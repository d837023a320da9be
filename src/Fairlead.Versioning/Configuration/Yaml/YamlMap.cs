using System.Collections.Immutable;

namespace Fairlead.Versioning;

sealed record YamlMap(TextSpan Span, ImmutableArray<YamlEntry> Entries, bool Flow) : YamlValue(Span)
{
    public YamlEntry? Find(string key) => Entries.FirstOrDefault(x => x.Key.Text == key);
}
