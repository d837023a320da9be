namespace Fairlead.Components;

/// <summary>What <c>dotnet format</c> looks at.</summary>
public enum FormatScope
{
    /// <summary>It is not run.</summary>
    Nothing,

    /// <summary>Whitespace alone.</summary>
    Whitespace,

    /// <summary>Whitespace, code style and analyzers.</summary>
    Everything,
}
