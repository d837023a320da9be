namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet clean</c>.</summary>
public sealed record DotNetCleanSettings : DotNetBuildingSettings<DotNetCleanSettings>
{
    private protected override IEnumerable<string> Verb => ["clean"];
}
