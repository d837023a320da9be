namespace Fairlead.Engine;

/// <summary>The formats of symbol packages.</summary>
public static class DotNetSymbolPackageFormat
{
#pragma warning disable SA1303, IDE1006, CA1707 // the names are those that builds from NUKE use
    /// <summary>Portable symbols, for symbol servers.</summary>
    public const string snupkg = nameof(snupkg);

    /// <summary>The old format, which contains the assemblies too.</summary>
    public const string symbols_nupkg = "symbols.nupkg";
#pragma warning restore SA1303, IDE1006, CA1707
}
