namespace Fairlead.Engine;

/// <summary>The levels of <c>--verbosity</c>.</summary>
public static class DotNetVerbosity
{
#pragma warning disable SA1303, IDE1006 // the names are those that the CLI takes
    /// <summary>Errors only.</summary>
    public const string quiet = nameof(quiet);

    /// <summary>Results.</summary>
    public const string minimal = nameof(minimal);

    /// <summary>The CLI's default.</summary>
    public const string normal = nameof(normal);

    /// <summary>What is done.</summary>
    public const string detailed = nameof(detailed);

    /// <summary>Everything.</summary>
    public const string diagnostic = nameof(diagnostic);
#pragma warning restore SA1303, IDE1006
}
