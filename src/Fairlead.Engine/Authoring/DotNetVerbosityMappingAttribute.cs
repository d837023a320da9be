namespace Fairlead.Engine;

/// <summary>
/// Accepted on builds that come from NUKE, and without effect: <c>--verbosity</c> is about the build's own output, and <c>SetVerbosity</c> about that
/// of <c>dotnet</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DotNetVerbosityMappingAttribute : Attribute;
