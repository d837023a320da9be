namespace Fairlead.Tooling;

/// <summary>Which of a process's two outputs a line came from.</summary>
public enum OutputKind
{
    /// <summary>Standard output.</summary>
    Out,

    /// <summary>Standard error.</summary>
    Error,
}
