namespace Fairlead.Engine;

/// <summary>How much a build says.</summary>
public enum Verbosity
{
    /// <summary>Warnings and errors.</summary>
    Quiet,

    /// <summary>And what targets report.</summary>
    Minimal,

    /// <summary>And the output of tools. The default.</summary>
    Normal,

    /// <summary>And every command that is started.</summary>
    Verbose,
}
