namespace Fairlead.Tooling;

/// <summary>
/// One mistake found while planning or reading a file. Problems are data: planners collect them all and throw for none.
/// </summary>
/// <param name="Message">What is wrong, as a whole sentence.</param>
/// <param name="Remedy">What to do next, or null when the message says it.</param>
/// <param name="Where">The place in a file, when there is one.</param>
public sealed record Problem(string Message, string? Remedy = null, SourceLocation? Where = null)
{
    /// <summary>One or two lines for the terminal.</summary>
    public override string ToString()
    {
        var first = Where is { } where ? $"{where}: {Message}" : Message;
        return Remedy is null ? first : $"{first}{Environment.NewLine}  → {Remedy}";
    }
}
