namespace Fairlead.Engine;

/// <summary>
/// A value that the user gives: <c>--name value</c>, then the environment (<c>FAIRLEAD_NUGET_API_KEY</c>, <c>NUKE_NUGET_API_KEY</c>, <c>NUGET_API_KEY</c>, <c>NuGetApiKey</c>), then the profiles, then
/// <c>.nuke/parameters.json</c>, then what the member itself says. On the command line and in files dashes, underscores and case make no difference.
/// </summary>
/// <param name="description">One sentence for <c>--help</c>.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ParameterAttribute(string? description = null) : Attribute
{
    /// <summary>One sentence for <c>--help</c>.</summary>
    public string? Description { get; } = description;

    /// <summary>Another name than the member's.</summary>
    public string? Name { get; set; }

    /// <summary>Between the elements of a list in one text, for instance in a variable. By default a blank.</summary>
    public string Separator { get; set; } = " ";
}
