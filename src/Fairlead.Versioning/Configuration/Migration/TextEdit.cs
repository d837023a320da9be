namespace Fairlead.Versioning;

/// <summary>Another text for a part of a text.</summary>
sealed record TextEdit(int Start, int End, string Text)
{
    /// <summary>Makes all edits in a text. Equal edits count once.</summary>
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        foreach (var edit in edits.Distinct().OrderByDescending(x => x.Start).ThenByDescending(x => x.End))
            text = string.Concat(text.AsSpan(0, edit.Start), edit.Text, text.AsSpan(edit.End));
        return text;
    }
}
