namespace Fairlead.Releases;

/// <summary>What a server asks for with status 401 (RFC 9110, section 11.6.1; RFC 6750, section 3).</summary>
/// <param name="Scheme"><c>Bearer</c>, <c>Basic</c> or another.</param>
/// <param name="Parameters">Its parameters, names in lower case.</param>
sealed record AuthenticationChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>Reads one challenge; whatever is not as it should be is left out.</summary>
    public static AuthenticationChallenge Parse(string scheme, string? parameters)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = parameters ?? "";
        for (var i = 0; i < text.Length;)
        {
            var equals = text.IndexOf('=', i);
            if (equals < 0)
                break;
            var name = text[i..equals].Trim(' ', ',', '\t').ToLowerInvariant();
            i = equals + 1;
            var value = new System.Text.StringBuilder();
            if (i < text.Length && text[i] == '"')
            {
                for (i++; i < text.Length && text[i] != '"'; i++)
                {
                    if (text[i] == '\\' && i + 1 < text.Length)
                        i++;
                    value.Append(text[i]);
                }

                i++;
            }
            else
            {
                for (; i < text.Length && text[i] is not (',' or ' '); i++)
                    value.Append(text[i]);
            }

            if (name.Length > 0)
                found[name] = value.ToString();
        }

        return new AuthenticationChallenge(scheme, found);
    }
}
