using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Fairlead.SupplyChain;

/// <summary>
/// An SPDX licence expression (SPDX 2.3, annex D). Printing one and parsing it again gives the same expression; ids are written as the list writes them.
/// </summary>
public abstract record LicenceExpression
{
    LicenceExpression()
    {
    }

    /// <summary>Parses one.</summary>
    /// <param name="text">For instance <c>(MIT OR Apache-2.0) AND BSD-3-Clause</c>.</param>
    /// <exception cref="FormatException">It is none; the message says where and why.</exception>
    public static LicenceExpression Parse(string text) =>
        TryParse(text, out var expression, out var error) ? expression : throw new FormatException($"'{text}' is no licence expression: {error}");

    /// <summary>Parses one, and never throws.</summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="expression">The expression.</param>
    /// <param name="error">Where and why it is none, as a sentence.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LicenceExpression? expression, [NotNullWhen(false)] out string? error) =>
        new LicenceExpressionParser(text ?? "").TryParse(out expression, out error);

    /// <summary>Whether the licence is allowed, given what is allowed of its single licences: one side of an OR is enough, an AND needs both.</summary>
    public bool IsAllowed(Func<Licence, bool> isAllowed) => this switch
    {
        Licence licence => isAllowed(licence),
        Both both => both.Left.IsAllowed(isAllowed) && both.Right.IsAllowed(isAllowed),
        Either either => either.Left.IsAllowed(isAllowed) || either.Right.IsAllowed(isAllowed),
        _ => false,
    };

    /// <summary>The single licences that it is refused for: of an AND those of each side that is refused, of an OR those of both when both are. Empty when it is allowed.</summary>
    public IEnumerable<Licence> Refused(Func<Licence, bool> isAllowed)
    {
        var refused = new List<Licence>();
        Judge(isAllowed, refused);
        return [.. refused.Distinct()];
    }

    /// <summary>The single licences in it, from left to right.</summary>
    public IEnumerable<Licence> Licences()
    {
        var licences = new List<Licence>();
        Collect(licences);
        return licences;
    }

    /// <summary>The expression as SPDX writes it, with no more parentheses than it needs.</summary>
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    // One list, and one text, for the whole expression: it may be long, and nested to one side.
    bool Judge(Func<Licence, bool> isAllowed, List<Licence> refused)
    {
        switch (this)
        {
            case Licence licence when !isAllowed(licence):
                refused.Add(licence);
                return false;
            case Both both:
                var left = both.Left.Judge(isAllowed, refused);
                return both.Right.Judge(isAllowed, refused) && left;
            case Either either:
                var before = refused.Count;
                var isLeft = either.Left.Judge(isAllowed, refused);
                if (!either.Right.Judge(isAllowed, refused) && !isLeft)
                    return false;
                refused.RemoveRange(before, refused.Count - before);
                return true;
            default:
                return true;
        }
    }

    void Collect(List<Licence> licences)
    {
        if (this is Licence licence)
            licences.Add(licence);
        var (left, right) = Sides;
        left?.Collect(licences);
        right?.Collect(licences);
    }

    void Write(StringBuilder text)
    {
        if (this is Licence licence)
            text.Append(licence.Id).Append(licence.OrLater ? "+" : "").Append(licence.Exception is null ? "" : $" WITH {licence.Exception}");
        var (left, right) = Sides;
        if (left is null || right is null)
            return;
        Side(text, left, this is Both && left is Either);
        text.Append(this is Both ? " AND " : " OR ");
        Side(text, right, right is Either || (this is Both && right is Both));
    }

    (LicenceExpression? Left, LicenceExpression? Right) Sides => this switch
    {
        Both both => (both.Left, both.Right),
        Either either => (either.Left, either.Right),
        _ => (null, null),
    };

    static void Side(StringBuilder text, LicenceExpression side, bool inParentheses)
    {
        text.Append(inParentheses ? "(" : "");
        side.Write(text);
        text.Append(inParentheses ? ")" : "");
    }

    /// <summary>One licence.</summary>
    /// <param name="Id">Its id on the SPDX list, or <c>LicenseRef-…</c>, or <c>DocumentRef-…:LicenseRef-…</c>.</param>
    /// <param name="OrLater">Written with <c>+</c>: this version or any later one.</param>
    /// <param name="Exception">Id of an exception, as in <c>GPL-2.0-only WITH Classpath-exception-2.0</c>, or null.</param>
    public sealed record Licence(string Id, bool OrLater = false, string? Exception = null) : LicenceExpression
    {
        /// <summary>Whether it stands for a text that is not on the SPDX list.</summary>
        public bool IsReference => Id.StartsWith(LicenceExpressionParser.LicenceReference, StringComparison.Ordinal)
            || Id.StartsWith(LicenceExpressionParser.DocumentReference, StringComparison.Ordinal);

        /// <summary>Whether licence and exception are on the SPDX list.</summary>
        public bool IsKnown => LicenceIds.IsKnown(Id) && (Exception is null || LicenceIds.IsKnownException(Exception));
    }

    /// <summary>Both sides apply: AND.</summary>
    /// <param name="Left">The left side.</param>
    /// <param name="Right">The right side.</param>
    public sealed record Both(LicenceExpression Left, LicenceExpression Right) : LicenceExpression;

    /// <summary>The receiver chooses a side: OR.</summary>
    /// <param name="Left">The left side.</param>
    /// <param name="Right">The right side.</param>
    public sealed record Either(LicenceExpression Left, LicenceExpression Right) : LicenceExpression;
}
