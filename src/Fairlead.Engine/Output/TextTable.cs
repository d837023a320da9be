namespace Fairlead.Engine;

/// <summary>Columns of text, aligned with blanks.</summary>
static class TextTable
{
    /// <summary>The lines of a table; the last column is not padded.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<string>> rows, string indent = "")
    {
        if (rows.Count == 0)
            yield break;
        var widths = Enumerable.Range(0, rows.Max(x => x.Count)).Select(i => rows.Max(x => i < x.Count ? x[i].Length : 0)).ToList();
        foreach (var row in rows)
            yield return (indent + string.Join("  ", row.Select((x, i) => i == row.Count - 1 ? x : x.PadRight(widths[i])))).TrimEnd();
    }
}
