namespace Fairlead.Engine;

/// <summary>
/// A member that gets its value from somewhere else than the user. Fields are filled when the build object is made, so a value must be
/// cheap until it is used; interface properties are filled when they ask with <c>TryGetValue</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class ValueInjectionAttribute : Attribute
{
    /// <summary>The value, or null when there is none.</summary>
    /// <param name="context">The run that the build object is made for.</param>
    /// <exception cref="Fairlead.Tooling.UserErrorException">The value cannot be had, and why.</exception>
    public abstract object? GetValue(BuildContext context);
}
