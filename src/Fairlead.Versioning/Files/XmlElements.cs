using System.Xml;

namespace Fairlead.Versioning;

/// <summary>The elements of an MSBuild file that matter for versions.</summary>
/// <param name="Root">The root.</param>
/// <param name="Groups">The property groups directly in it.</param>
/// <param name="Properties">The properties in those.</param>
sealed record XmlElements(XmlElement Root, IReadOnlyList<XmlElement> Groups, IReadOnlyList<XmlElement> Properties)
{
    const int DeepestOfInterest = 2;

    /// <exception cref="XmlException">The text is not XML, or has a document type.</exception>
    public static XmlElements Read(string text)
    {
        var lines = LineStarts(text);
        List<XmlElement>[] found = [[], [], []];
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        var places = (IXmlLineInfo)reader;
        var open = new Stack<XmlElement>();
        while (reader.Read())
        {
            var position = lines[places.LineNumber == 0 ? 0 : places.LineNumber - 1] + places.LinePosition - 1;
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var element = Begin(reader, text, position - 1, new TextSpan(position - 1, position, places.LineNumber, places.LinePosition - 1));
                    if (reader.Depth <= DeepestOfInterest)
                        found[reader.Depth].Add(element);
                    if (element.IsEmpty)
                        Ended(element);
                    else
                        open.Push(element);
                    break;
                case XmlNodeType.EndElement:
                    var ended = open.Pop();
                    ended.ContentEnd = position - 2;
                    ended.End = text.IndexOf('>', position) + 1;
                    Ended(ended);
                    break;
                case XmlNodeType.Comment or XmlNodeType.CDATA or XmlNodeType.ProcessingInstruction when open.Count > 0:
                    open.Peek().HasMarkup = true;
                    break;
                default:
                    break;
            }
        }

        var groups = found[1].Where(x => x.Name == "PropertyGroup").ToList();
        return new XmlElements(found[0][0], groups, [.. found[2].Where(x => groups.Exists(y => y.Start < x.Start && x.Start < y.ContentEnd))]);

        void Ended(XmlElement element)
        {
            if (!open.TryPeek(out var parent))
                return;
            parent.HasMarkup = true;
            parent.FirstChildStart = parent.LastChildEnd is null ? element.Start : parent.FirstChildStart;
            parent.LastChildEnd = element.End;
        }
    }

    static XmlElement Begin(XmlReader reader, string text, int start, TextSpan span)
    {
        var end = EndOfTag(text, start);
        return new XmlElement
        {
            Name = reader.Name,
            Span = span,
            Start = start,
            ContentStart = end,
            ContentEnd = end,
            End = end,
            IsEmpty = reader.IsEmptyElement,
            HasCondition = reader.GetAttribute("Condition") is not null,
        };
    }

    // Attribute values may have a '>' in them.
    static int EndOfTag(string text, int start)
    {
        char? quote = null;
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == quote)
                quote = null;
            else if (quote is null && text[i] is '"' or '\'')
                quote = text[i];
            else if (quote is null && text[i] == '>')
                return i + 1;
        }

        return text.Length;
    }

    // Lines as XmlReader counts them.
    static List<int> LineStarts(string text)
    {
        List<int> starts = [0];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < text.Length && text[i + 1] == '\n')))
                starts.Add(i + 1);
        }

        return starts;
    }
}
