namespace Fairlead.Engine;

/// <summary>
/// A target, as a property: <c>Target Compile => _ => _.DependsOn(Restore).Executes(...)</c>. Its name is the property's name.
/// </summary>
public delegate ITargetDefinition Target(ITargetDefinition definition);
