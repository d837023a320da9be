namespace Fairlead.Engine;

/// <summary>How important a line is.</summary>
public enum LogLevel
{
    /// <summary>For finding out how something happened.</summary>
    Verbose,

    /// <summary>What a tool printed.</summary>
    Output,

    /// <summary>What a target reports.</summary>
    Information,

    /// <summary>Something that should be looked at.</summary>
    Warning,

    /// <summary>Something that failed.</summary>
    Error,
}
