using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>A YAML value with its place. YamlDotNet's own model stops at the first duplicate key, and all mistakes are to be shown at once.</summary>
abstract record YamlNode(SourceLocation Where);
