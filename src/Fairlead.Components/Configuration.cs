using System.ComponentModel;
using Fairlead.Engine;

namespace Fairlead.Components;

/// <summary>The build configuration: Debug or Release.</summary>
[TypeConverter(typeof(TypeConverter<Configuration>))]
public sealed class Configuration : Enumeration
{
    /// <summary>For developers.</summary>
    public static readonly Configuration Debug = new() { Value = nameof(Debug) };

    /// <summary>For users.</summary>
    public static readonly Configuration Release = new() { Value = nameof(Release) };

    /// <summary>The configuration's name.</summary>
    public static implicit operator string(Configuration configuration) => configuration.Value;
}
