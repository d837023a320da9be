namespace Fairlead.Engine;

/// <summary>
/// Accepted on builds that come from NUKE. There is nothing to shut down: <c>dotnet</c> commands are started without lasting servers, and what a
/// target starts ends with it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShutdownDotNetAfterServerBuildAttribute : Attribute;
