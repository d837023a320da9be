using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// A regular expression from GitVersion.yml: .NET's syntax, case ignored, and bounded in time, since a pattern can take longer than anybody waits.
/// </summary>
sealed class UserPattern
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    readonly string _key;
    readonly Regex _regex;

    /// <param name="key">The key in GitVersion.yml, for error messages.</param>
    /// <param name="pattern">The expression.</param>
    public UserPattern(string key, string pattern)
    {
        _key = key;
        try
        {
            _regex = new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException failure)
        {
            throw new UserErrorException(
                $"'{key}' in GitVersion.yml is not a regular expression: {failure.Message}", "Correct it; the syntax is that of .NET.", failure);
        }
    }

    public bool IsMatch(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException failure)
        {
            throw TooSlow(text, failure);
        }
    }

    public Match Match(string text)
    {
        try
        {
            return _regex.Match(text);
        }
        catch (RegexMatchTimeoutException failure)
        {
            throw TooSlow(text, failure);
        }
    }

    /// <summary>The names of the groups that have one.</summary>
    public IEnumerable<string> GroupNames => _regex.GetGroupNames().Where(x => !char.IsAsciiDigit(x[0]));

    UserErrorException TooSlow(string text, RegexMatchTimeoutException failure)
    {
        var shown = text.Length > 60 ? text[..60] + "…" : text;
        return new UserErrorException(
            $"The regular expression '{_key}' in GitVersion.yml took more than {Patience.TotalSeconds:0} s for the text '{shown}'.",
            "Write it without nested repetitions such as (a+)+, which try every way to divide the text.", failure);
    }
}
