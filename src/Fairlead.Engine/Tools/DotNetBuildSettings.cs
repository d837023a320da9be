namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet build</c>.</summary>
public sealed record DotNetBuildSettings : DotNetBuildingSettings<DotNetBuildSettings>
{
    private protected override IEnumerable<string> Verb => ["build"];
}
