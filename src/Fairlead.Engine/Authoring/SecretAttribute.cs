namespace Fairlead.Engine;

/// <summary>The parameter's value appears in no output.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
