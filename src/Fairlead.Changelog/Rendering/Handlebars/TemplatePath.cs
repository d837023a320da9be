using System.Buffers;
using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>Names a value: <c>title</c>, <c>../single</c>, <c>this</c>, <c>@index</c>.</summary>
/// <param name="Up">How many contexts to step out of.</param>
/// <param name="Names">The names to follow from there; the first may be one with <c>@</c>.</param>
/// <param name="Place">Where it stands in the template.</param>
sealed record TemplatePath(int Up, ImmutableArray<string> Names, int Place)
{
    // Handlebars, "Language Guide", "Literal segments".
    static readonly SearchValues<char> Forbidden = SearchValues.Create(" \t\n\"'(){}[]=|@,#&^~!%*+`;<>");

    /// <summary>Reads a path; null when it is none.</summary>
    public static TemplatePath? Parse(string text, int place)
    {
        var rest = text.AsSpan();
        var up = 0;
        for (; rest.StartsWith("../") || rest is ".."; up++)
            rest = rest[Math.Min(3, rest.Length)..];
        rest = rest.StartsWith("./") ? rest[2..] : rest.StartsWith("this.") || rest.StartsWith("this/") ? rest[5..] : rest;
        if (rest is "" && up == 0)
            return null;
        if (rest is "" or "." or "this")
            return new TemplatePath(up, [], place);
        ImmutableArray<string> names = [.. rest.ToString().Split('.', '/').Select(x => x is ['[', .. var inside, ']'] ? inside : x)];
        return names.All(IsName) ? new TemplatePath(up, names, place) : null;
    }

    static bool IsName(string name) => name.Length > 0 && name.AsSpan(name[0] == '@' ? 1 : 0) is { Length: > 0 } word && !word.ContainsAny(Forbidden);
}
