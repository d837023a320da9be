using System.Collections.Immutable;

namespace Fairlead.Versioning;

sealed record YamlList(TextSpan Span, ImmutableArray<YamlValue> Items, bool Flow) : YamlValue(Span);
