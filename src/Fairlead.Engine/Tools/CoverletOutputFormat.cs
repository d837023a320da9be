namespace Fairlead.Engine;

/// <summary>The formats that coverlet writes.</summary>
public static class CoverletOutputFormat
{
#pragma warning disable SA1303, IDE1006 // the names are those that coverlet takes
    /// <summary>Coverlet's own.</summary>
    public const string json = nameof(json);

    /// <summary>LCOV.</summary>
    public const string lcov = nameof(lcov);

    /// <summary>OpenCover.</summary>
    public const string opencover = nameof(opencover);

    /// <summary>Cobertura.</summary>
    public const string cobertura = nameof(cobertura);

    /// <summary>TeamCity service messages.</summary>
    public const string teamcity = nameof(teamcity);
#pragma warning restore SA1303, IDE1006
}
