using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>The places of a version that a user's pattern finds.</summary>
static class PatternPlaces
{
    const string Group = "version";

    static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(2);

    public static IEnumerable<TextEdit> Edits(string text, VersionPattern pattern, VersionVariables version, FileReading reading)
    {
        var whole = default(TextSpan);
        if (VersionVariablesText.Find(version, pattern.Variable) is not { } value)
        {
            reading.Report(whole, $"There is no variable '{pattern.Variable}'.", Suggestion.Sentence(pattern.Variable, VersionVariablesText.Names));
            value = "";
        }

        try
        {
            var regex = new Regex(pattern.Expression, RegexOptions.Multiline | RegexOptions.CultureInvariant, MatchLimit);
            if (!regex.GetGroupNames().Contains(Group))
            {
                reading.Report(whole, $"The pattern '{pattern.Expression}' has no group 'version'.", "Write (?<version>…) around what shall be replaced.");
                return [];
            }

            var places = regex.Matches(text).Select(x => x.Groups[Group]).Where(x => x.Success).ToList();
            if (places.Count == 0)
                reading.Report(whole, $"The pattern '{pattern.Expression}' finds nothing.", "The version must be there already; write it in once by hand.");
            if (places.Count > 1 && !pattern.SeveralTimes)
            {
                var message = $"The pattern '{pattern.Expression}' finds {places.Count} places; this is the second.";
                reading.Report(SpanAt(text, places[1].Index), message, "Make it match one, or say that it may match several times.");
            }

            return places.Select(x => new TextEdit(x.Index, x.Index + x.Length, value));
        }
        catch (ArgumentException exception)
        {
            reading.Report(whole, $"'{pattern.Expression}' is not a regular expression.", exception.Message);
        }
        catch (RegexMatchTimeoutException)
        {
            reading.Report(whole, $"The pattern '{pattern.Expression}' takes too long.", "Simplify it.");
        }

        return [];
    }

    static TextSpan SpanAt(string text, int index)
    {
        var before = text.AsSpan(0, index);
        return new TextSpan(index, index, before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }
}
