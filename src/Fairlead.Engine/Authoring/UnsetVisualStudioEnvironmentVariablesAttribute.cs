namespace Fairlead.Engine;

/// <summary>Accepted on builds that come from NUKE, and without effect.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class UnsetVisualStudioEnvironmentVariablesAttribute : Attribute;
