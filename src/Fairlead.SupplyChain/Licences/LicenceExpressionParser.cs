using System.Diagnostics.CodeAnalysis;

namespace Fairlead.SupplyChain;

/// <summary>
/// Reads an SPDX licence expression (SPDX 2.3, annex D.4): WITH binds tighter than AND, and AND tighter than OR; operators are upper case.
/// Ids that are not on the list are read too: whether a licence is known is another question than whether this is an expression.
/// </summary>
ref struct LicenceExpressionParser(string text)
{
    internal const string LicenceReference = "LicenseRef-";
    internal const string DocumentReference = "DocumentRef-";

    // Real expressions have a handful of parentheses.
    const int MaximumDepth = 100;
    const int MaximumLength = 20_000;
    const string And = "AND";
    const string Or = "OR";
    const string With = "WITH";

    readonly string _text = text;
    int _position;
    int _depth;
    int _start;
    string _token = "";
    string? _error;

    public bool TryParse([NotNullWhen(true)] out LicenceExpression? expression, [NotNullWhen(false)] out string? error)
    {
        expression = null;
        if (_text.Length > MaximumLength)
        {
            error = $"it is longer than {MaximumLength} characters.";
            return false;
        }

        Next();
        expression = ReadEither();
        if (expression is not null && _token.Length > 0)
            Fail(_token == ")" ? "there is a ')' too many" : IsOperatorInOtherCase(_token) ? $"operators are written in capitals: {_token.ToUpperInvariant()}" : $"an operator is missing before '{_token}'");
        error = _error;
        if (error is not null)
            expression = null;
        return expression is not null;
    }

    LicenceExpression? ReadEither()
    {
        var left = ReadBoth();
        while (left is not null && _token == Or)
        {
            Next();
            left = ReadBoth() is { } right ? new LicenceExpression.Either(left, right) : null;
        }

        return left;
    }

    LicenceExpression? ReadBoth()
    {
        var left = ReadOne();
        while (left is not null && _token == And)
        {
            Next();
            left = ReadOne() is { } right ? new LicenceExpression.Both(left, right) : null;
        }

        return left;
    }

    LicenceExpression? ReadOne()
    {
        if (_token != "(")
            return ReadLicence();
        if (++_depth > MaximumDepth)
            return Fail("the parentheses are nested too deeply");
        Next();
        var inner = ReadEither();
        if (inner is null)
            return null;
        if (_token != ")")
            return Fail(_token.Length == 0 ? "a ')' is missing" : IsOperatorInOtherCase(_token) ? $"operators are written in capitals: {_token.ToUpperInvariant()}" : $"an operator is missing before '{_token}'");
        _depth--;
        Next();
        return inner;
    }

    LicenceExpression? ReadLicence()
    {
        if (_token is "" or ")" or "(" or And or Or or With)
            return Fail(_token.Length == 0 ? "a licence is missing" : $"a licence is missing before '{_token}'");
        if (ReadId(_token, out var orLater) is not { } id)
            return Fail($"'{_token}' is no licence id");
        Next();
        if (_token != With)
            return new LicenceExpression.Licence(id, orLater);
        Next();
        if (_token is "" or ")" or "(" or And or Or or With || !_token.All(IsIdCharacter))
            return Fail("WITH needs the id of an exception");
        var exception = LicenceIds.CanonicalException(_token);
        Next();
        return new LicenceExpression.Licence(id, orLater, exception);
    }

    static string? ReadId(string token, out bool orLater)
    {
        orLater = false;
        if (StartsWith(token, DocumentReference))
        {
            var colon = token.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !StartsWith(token[(colon + 1)..], LicenceReference))
                return null;
            var document = token[DocumentReference.Length..colon];
            return IsName(document) && ReadReference(token[(colon + 1)..]) is { } reference ? $"{DocumentReference}{document}:{reference}" : null;
        }

        if (StartsWith(token, LicenceReference))
            return ReadReference(token);
        // Some deprecated ids end with the plus sign: GPL-2.0+ is one word of the list, and means the same.
        orLater = token[^1] == '+';
        var id = orLater ? token[..^1] : token;
        return IsName(id) ? LicenceIds.Canonical(id) : null;
    }

    static string? ReadReference(string token) => token[LicenceReference.Length..] is var name && IsName(name) ? $"{LicenceReference}{name}" : null;

    static bool StartsWith(string token, string prefix) => token.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    static bool IsName(string name) => name.Length > 0 && name.All(IsIdCharacter);

    static bool IsIdCharacter(char x) => char.IsAsciiLetterOrDigit(x) || x is '-' or '.';

    static bool IsOperatorInOtherCase(string token) => token.ToUpperInvariant() is And or Or or With;

    void Next()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
            _position++;
        _start = _position;
        if (_position < _text.Length && _text[_position] is '(' or ')')
            _position++;
        else
            while (_position < _text.Length && !char.IsWhiteSpace(_text[_position]) && _text[_position] is not ('(' or ')'))
                _position++;
        _token = _text[_start.._position];
    }

    LicenceExpression? Fail(string why)
    {
        _error ??= $"at character {_start + 1}, {why}.";
        return null;
    }
}
