namespace Fairlead.Versioning;

/// <summary>A value of a YAML file with its place. YamlDotNet's own model stops at the first duplicate key, and all mistakes are to be shown at once.</summary>
/// <param name="Span">Where it is written.</param>
abstract record YamlValue(TextSpan Span)
{
    /// <summary>Whether it is a key's value that is not there: nothing, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => this is YamlScalar { Plain: true, Text: "" or "~" or "null" or "Null" or "NULL" };
}
