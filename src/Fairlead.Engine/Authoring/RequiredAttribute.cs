namespace Fairlead.Engine;

/// <summary>The parameter must have a value, whatever is run.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;
