using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>
/// Reads a template (Handlebars, "Language Guide": expressions, built-in helpers <c>if unless each with</c>, block parameters, comments, whitespace control). White space around a
/// block or comment that has a line of its own goes with it (Mustache specification, "Standalone Tags"). Helpers of one's own, partials and subexpressions do not exist here.
/// </summary>
sealed class TemplateParser
{
    const int DeepestBlock = 100;

    // Signs of tags that have none of their own.
    const char Else = 'e';
    const char Value = 'v';

    readonly string _text;
    readonly string _file;
    readonly List<TemplatePart> _parts = [];
    readonly Stack<(TemplatePart.Block Block, string Name, int Place, bool IsElse)> _open = new();

    TemplateParser(string text, string file) => (_text, _file) = (text, file);

    /// <param name="text">The template, lines ended with line feeds.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="ProblemsException">It is no valid template.</exception>
    public static List<TemplatePart> Parse(string text, string file)
    {
        var parser = new TemplateParser(text, file);
        parser.Read();
        return parser._parts;
    }

    /// <summary>A mistake in a template.</summary>
    public static ProblemsException Problem(string text, string file, int place, string message, string? remedy = null)
    {
        var before = text.AsSpan(0, place);
        return new([new Problem(
            $"The template '{file}' is not valid: {message}",
            remedy ?? "Compare it with the shipped one; docs/changelog.md lists what it can use.",
            new SourceLocation(file, before.Count('\n') + 1, place - before.LastIndexOf('\n')))]);
    }

    List<TemplatePart> Current => !_open.TryPeek(out var open) ? _parts : open.IsElse ? open.Block.Otherwise : open.Block.Body;

    void Read()
    {
        var at = 0;
        var trimStart = false;
        while (at <= _text.Length)
        {
            var start = _text.IndexOf("{{", at, StringComparison.Ordinal);
            if (start < 0)
            {
                AddText(at, _text.Length, trimStart, trimEnd: false);
                break;
            }

            if (start > at && _text[start - 1] == '\\')
            {
                // "\{{name}}" shows "{{name}}".
                AddText(at, start - 1, trimStart, trimEnd: false);
                var shown = _text.IndexOf("}}", start, StringComparison.Ordinal) is >= 0 and var close ? close + 2 : _text.Length;
                AddText(start, shown, trimStart: false, trimEnd: false);
                (at, trimStart) = (shown, false);
                continue;
            }

            var tag = ReadTag(start);
            var (from, to) = tag.Sign is '#' or '^' or '/' or '!' or Else ? Line(start, tag.End) : (start, tag.End);
            AddText(at, Math.Max(at, from), trimStart, tag.TrimBefore);
            Take(tag, start);
            (at, trimStart) = (to, tag.TrimAfter);
        }

        if (_open.TryPeek(out var open))
            throw Wrong(open.Place, $"'{open.Name}' begins here and does not end.", $"End it with {{{{/{open.Name}}}}}.");
    }

    /// <summary>The tag that begins at a place.</summary>
    Tag ReadTag(int start)
    {
        var at = start + 2;
        var raw = At(at) == '{';
        if (raw)
            at++;
        var trimBefore = At(at) == '~';
        if (trimBefore)
            at++;
        var isLongComment = _text.AsSpan(at).StartsWith("!--");
        var mark = isLongComment ? "--" : raw ? "}}}" : "}}";
        var end = _text.IndexOf(mark, isLongComment ? at + 3 : at, StringComparison.Ordinal);
        var close = end < 0 ? -1 : isLongComment ? _text.IndexOf("}}", end, StringComparison.Ordinal) : end;
        if (close < 0)
            throw Wrong(start, $"'{{{{' begins here, and no '{(isLongComment ? "--}}" : mark)}' follows.");
        var trimAfter = close > at && _text[close - 1] == '~';
        var content = _text[at..(trimAfter ? close - 1 : close)].Trim();
        var (sign, rest) = content switch
        {
            "else" or "^" => (Else, ""),
            _ when content.StartsWith("else ", StringComparison.Ordinal) => (Else, content[5..].Trim()),
            [('#' or '/' or '!' or '>' or '^') and var first, ..] => (first, content[1..].Trim()),
            ['&', ..] => (Value, content[1..].Trim()),
            _ => (Value, content),
        };
        return new Tag(sign, rest, trimBefore, trimAfter, close + (raw ? 3 : 2));
    }

    void Take(Tag tag, int place)
    {
        switch (tag.Sign)
        {
            case '!':
                break;
            case '#':
                Open(tag.Content, place, elseOf: false);
                break;
            case '/':
                Close(tag.Content, place);
                break;
            case '>':
                throw Wrong(place, "there are no partials.");
            case Else:
                Otherwise(tag.Content, place);
                break;
            case '^':
                Push(new TemplatePart.Block(TemplatePart.BlockKind.Inverted, Path(tag.Content, place), []), tag.Content, place, elseOf: false);
                break;
            default:
                Current.Add(new TemplatePart.Expression(Path(tag.Content, place)));
                break;
        }
    }

    void Open(string content, int place, bool elseOf)
    {
        var (name, rest) = content.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var blank ? (content[..blank], content[blank..].Trim()) : (content, "");
        ImmutableArray<string> names = [];
        if (rest.EndsWith('|') && rest.IndexOf(" as |", StringComparison.Ordinal) is >= 0 and var bar)
        {
            names = [.. rest[(bar + 5)..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            rest = rest[..bar].Trim();
        }

        TemplatePart.BlockKind? kind = name switch
        {
            "if" => TemplatePart.BlockKind.If,
            "unless" => TemplatePart.BlockKind.Unless,
            "each" => TemplatePart.BlockKind.Each,
            "with" => TemplatePart.BlockKind.With,
            _ => null,
        };
        if (kind is null && rest.Length > 0)
            throw Wrong(place, $"there is no helper '{name}'.", Suggestion.Sentence(name, ["if", "unless", "each", "with"]) ?? "There are if, unless, each and with.");
        Push(kind is null ? new TemplatePart.Block(TemplatePart.BlockKind.Section, Path(name, place), names) : new TemplatePart.Block(kind.Value, Path(rest, place), names), name, place, elseOf);
    }

    void Push(TemplatePart.Block block, string name, int place, bool elseOf)
    {
        if (_open.Count == DeepestBlock)
            throw Wrong(place, $"blocks are nested more than {DeepestBlock} times.");
        Current.Add(block);
        _open.Push((block, elseOf ? "" : name, place, false));
    }

    void Otherwise(string content, int place)
    {
        if (!_open.TryPop(out var open))
            throw Wrong(place, "'else' stands in no block.");
        if (open.IsElse)
            throw Wrong(place, "a second 'else' stands in one block.");
        _open.Push(open with { IsElse = true });
        // "{{else if x}}" is a block inside of this one, which ends together with it.
        if (content.Length > 0)
            Open(content, place, elseOf: true);
    }

    void Close(string name, int place)
    {
        while (_open.TryPop(out var open))
        {
            if (open.Name.Length == 0)
                continue;
            if (open.Name == name)
                return;
            throw Wrong(place, $"'{name}' ends here, but it is '{open.Name}' that has begun.");
        }

        throw Wrong(place, $"'{name}' ends here and has not begun.");
    }

    TemplatePath Path(string text, int place) => TemplatePath.Parse(text, place)
        ?? throw Wrong(place, text.Contains(' ', StringComparison.Ordinal) ? $"there is no helper '{text[..text.IndexOf(' ', StringComparison.Ordinal)]}'." : $"'{text}' is no name.");

    void AddText(int from, int to, bool trimStart, bool trimEnd)
    {
        var text = _text.AsSpan(from, to - from);
        if (trimStart)
            text = text.TrimStart();
        if (trimEnd)
            text = text.TrimEnd();
        if (!text.IsEmpty)
            Current.Add(new TemplatePart.Literal(text.ToString()));
    }

    /// <summary>The whole line, its ending included, when there is nothing else in it.</summary>
    (int From, int To) Line(int start, int end)
    {
        var (from, to) = (start, end);
        while (from > 0 && _text[from - 1] is ' ' or '\t')
            from--;
        while (At(to) is ' ' or '\t')
            to++;
        return (from == 0 || _text[from - 1] == '\n') && (to == _text.Length || _text[to] == '\n') ? (from, Math.Min(to + 1, _text.Length)) : (start, end);
    }

    char At(int place) => place < _text.Length ? _text[place] : '\0';

    ProblemsException Wrong(int place, string message, string? remedy = null) => Problem(_text, _file, place, message, remedy);

    readonly record struct Tag(char Sign, string Content, bool TrimBefore, bool TrimAfter, int End);
}
