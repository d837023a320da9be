namespace Fairlead.Versioning;

/// <summary>An element of an XML text with its places.</summary>
sealed record XmlElement
{
    public required string Name { get; init; }

    /// <summary>Its beginning.</summary>
    public required TextSpan Span { get; init; }

    /// <summary>Index of its <c>&lt;</c>.</summary>
    public required int Start { get; init; }

    /// <summary>Index behind its start tag.</summary>
    public required int ContentStart { get; init; }

    /// <summary>Index of its end tag; the same as <see cref="End"/> for an empty element.</summary>
    public int ContentEnd { get; set; }

    /// <summary>Index behind it all.</summary>
    public int End { get; set; }

    /// <summary>Whether it is written <c>&lt;Name /&gt;</c>.</summary>
    public required bool IsEmpty { get; init; }

    public required bool HasCondition { get; init; }

    /// <summary>Whether there is something else than text in it.</summary>
    public bool HasMarkup { get; set; }

    /// <summary>Index of its first child element's <c>&lt;</c>.</summary>
    public int FirstChildStart { get; set; }

    /// <summary>Index behind its last child element; null without one.</summary>
    public int? LastChildEnd { get; set; }

    public string Content(string text) => IsEmpty ? "" : text[ContentStart..ContentEnd];

    /// <summary>Other content; white space around what was there stays.</summary>
    public TextEdit WithContent(string text, string content)
    {
        if (IsEmpty)
        {
            var slash = ContentStart - "/>".Length;
            return new TextEdit(text.AsSpan(0, slash).TrimEnd().Length, End, $">{content}</{Name}>");
        }

        var old = Content(text);
        if (old.Trim().Length == 0)
            return new TextEdit(ContentStart, ContentEnd, content);
        var start = ContentStart + (old.Length - old.TrimStart().Length);
        return new TextEdit(start, start + old.Trim().Length, content);
    }
}
