using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

sealed record YamlList(SourceLocation Where, ImmutableArray<YamlNode> Items) : YamlNode(Where);
