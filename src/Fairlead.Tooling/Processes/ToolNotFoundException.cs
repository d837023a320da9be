namespace Fairlead.Tooling;

/// <summary>A program to start is not on this machine.</summary>
public sealed class ToolNotFoundException(string tool, string? remedy = null)
    : UserErrorException($"The program '{tool}' was not found.", remedy ?? "Install it, or put its directory on the PATH.")
{
    /// <summary>The name or path that was looked for.</summary>
    public string Tool { get; } = tool;
}
