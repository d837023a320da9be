namespace Fairlead.SupplyChain;

/// <summary>The two ways in which NuGet writes a target framework.</summary>
static class TargetFrameworks
{
    /// <summary><c>.NETCoreApp,Version=v8.0</c> as <c>net8.0</c>; what is short already, or of no family known here, stays.</summary>
    public static string Short(string framework)
    {
        var slash = framework.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
            return $"{Short(framework[..slash])}{framework[slash..]}";
        const string Separator = ",Version=v";
        var at = framework.IndexOf(Separator, StringComparison.Ordinal);
        if (at < 0)
            return framework;
        var version = framework[(at + Separator.Length)..];
        return framework[..at] switch
        {
            ".NETCoreApp" => version.StartsWith("1.", StringComparison.Ordinal) || version.StartsWith("2.", StringComparison.Ordinal) || version.StartsWith("3.", StringComparison.Ordinal)
                ? $"netcoreapp{version}" : $"net{version}",
            ".NETStandard" => $"netstandard{version}",
            ".NETFramework" => $"net{version.Replace(".", "", StringComparison.Ordinal)}",
            _ => framework,
        };
    }
}
