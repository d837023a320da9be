namespace Fairlead.Engine;

/// <summary>Reads the text that the compiler hands on of a lambda argument.</summary>
static class LambdaText
{
    /// <summary>The part after <c>() =></c>; other text as it is, on one line.</summary>
    public static string Body(string expression)
    {
        var arrow = expression.IndexOf("=>", StringComparison.Ordinal);
        var body = expression.StartsWith('(') && arrow >= 0 && expression[..arrow].Trim() is "()" ? expression[(arrow + 2)..] : expression;
        return string.Join(' ', body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The last member name of <c>() => x.Member</c>; casts, <c>!</c> and parentheses are seen through.</summary>
    public static string Member(string expression)
    {
        var body = Body(expression).TrimEnd('!', ')', ' ');
        var start = body.Length;
        while (start > 0 && (char.IsLetterOrDigit(body[start - 1]) || body[start - 1] == '_'))
            start--;
        return body[start..];
    }
}
