using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Versioning.Tests;

/// <summary>A configuration as text, one line for each setting, so that two can be compared.</summary>
static class ConfigurationText
{
    static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public static string Of(VersioningConfiguration configuration) => JsonSerializer.Serialize(configuration, Options);

    public static string Of(BranchConfiguration configuration) => JsonSerializer.Serialize(configuration, Options);
}
