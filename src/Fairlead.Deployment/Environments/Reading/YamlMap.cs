using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

sealed record YamlMap(SourceLocation Where, ImmutableArray<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Where);
