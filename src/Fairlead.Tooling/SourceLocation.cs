namespace Fairlead.Tooling;

/// <summary>A place in a file that a person wrote. Lines and columns count from 1; 0 means unknown.</summary>
/// <param name="File">The file, as the user would type it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public readonly record struct SourceLocation(string File, int Line = 0, int Column = 0)
{
    /// <summary><c>file:line:column</c>, as terminals and editors make clickable.</summary>
    public override string ToString() => Line == 0 ? File : Column == 0 ? $"{File}:{Line}" : $"{File}:{Line}:{Column}";
}
