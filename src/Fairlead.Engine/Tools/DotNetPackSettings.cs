namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet pack</c>.</summary>
public sealed record DotNetPackSettings : DotNetBuildingSettings<DotNetPackSettings>
{
    /// <summary>Do not build, and do not restore.</summary>
    public bool NoBuild { get; init; }

    /// <summary>Do not build, and do not restore.</summary>
    public DotNetPackSettings EnableNoBuild() => this with { NoBuild = true };

    /// <summary>Do not build, and do not restore.</summary>
    public DotNetPackSettings SetNoBuild(bool value) => this with { NoBuild = value };

    /// <summary>Make a symbol package too.</summary>
    public bool IncludeSymbols { get; init; }

    /// <summary>Make a symbol package too.</summary>
    public DotNetPackSettings EnableIncludeSymbols() => this with { IncludeSymbols = true };

    /// <summary>Make a symbol package too.</summary>
    public DotNetPackSettings SetIncludeSymbols(bool value) => this with { IncludeSymbols = value };
    private protected override IEnumerable<string> Verb => ["pack"];

    private protected override IEnumerable<string> Arguments() => [.. base.Arguments(), .. Flag("--no-build", NoBuild), .. Flag("--include-symbols", IncludeSymbols)];
}
