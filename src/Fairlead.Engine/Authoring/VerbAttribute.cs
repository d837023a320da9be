namespace Fairlead.Engine;

/// <summary>
/// An operation on what exists: <c>./build.sh :status</c>. On a method <c>Task Method(VerbArguments, CancellationToken)</c> of the build class or of a
/// component. Verbs need no graph and still work, with the last build that compiled, when the build project does not.
/// </summary>
/// <param name="name">The name without its colon.</param>
/// <param name="description">One sentence for <c>--help</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VerbAttribute(string name, string description) : Attribute
{
    /// <summary>The name without its colon.</summary>
    public string Name { get; } = name;

    /// <summary>One sentence for <c>--help</c>.</summary>
    public string Description { get; } = description;

    /// <summary>What may follow the verb, for <c>--help</c>: <c>ENVIRONMENT [--to VERSION]</c>.</summary>
    public string Usage { get; set; } = "";

    /// <summary>Options that take a value, without their dashes. Any other option is an error.</summary>
    public string[] Options { get; set; } = [];

    /// <summary>Options that take none.</summary>
    public string[] Flags { get; set; } = [];
}
