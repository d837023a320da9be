using System.Text.Json;

namespace Fairlead.Versioning.Tests;

/// <summary>
/// Messages of ten public repositories, beside what conventional-commits-parser 7.1.2 reads in them. Where the two differ a rule says why, and the
/// number of such differences is fixed here.
/// </summary>
public sealed class RealMessageTests
{
    const string TypeRequired = "a header without a type, or with an empty scope, is not of the convention (specification 1 and 4)";
    const string SpaceAround = "white space around a message does not count";
    const string AnyLetters = "a type is a noun in any alphabet (specification 1)";
    const string ActionBefore = "an action counts directly before its reference and may have a colon (GitHub, Linking a pull request to an issue); 'implement' is one (GitLab)";
    const string Numbers = "the number sign names a number";
    const string GitHubForm = "GH-12 is a reference (GitHub, Autolinked references)";
    const string AnyPlace = "a reference may begin a line, which is no comment in a finished message, and any punctuation may follow it";

    [Fact]
    public void Real_messages_are_read_as_the_reference_parser_does_but_for_known_reasons()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in RecordedData.Objects("conventional-commits/real-messages.jsonl.gz"))
        {
            foreach (var reason in Differences(item.TextOf("message")!, item.GetProperty("output")))
                counts[reason] = counts.GetValueOrDefault(reason) + 1;
        }

        counts.ShouldBe(new SortedDictionary<string, int>(StringComparer.Ordinal)
        {
            [TypeRequired] = 58,
            [SpaceAround] = 1,
            [AnyLetters] = 1,
            [ActionBefore] = 113,
            [Numbers] = 4,
            [GitHubForm] = 6,
            [AnyPlace] = 5,
        });
    }

    static IEnumerable<string> Differences(string message, JsonElement expected)
    {
        var commit = ConventionalCommit.Parse(message);
        var sameType = string.Equals(expected.TextOf("type") ?? "", commit.Type ?? "", StringComparison.OrdinalIgnoreCase);
        if (!sameType || expected.TextOf("scope") != commit.Scope)
        {
            yield return message.StartsWith('(') || message.Contains("():", StringComparison.Ordinal) ? TypeRequired
                : message[0] == ' ' ? SpaceAround
                : commit.Type?.All(char.IsAscii) == false ? AnyLetters
                : $"type or scope: {message}";
        }

        if (expected.GetProperty("notes").GetArrayLength() > 0 != commit.IsBreaking)
            yield return $"breaking: {message}";

        if (ReferenceReading.References(expected, true).SetEquals(ReferenceReading.References(message, true)))
            yield break;
        var theirs = ReferenceReading.References(expected, false);
        var ours = ReferenceReading.References(message, false);
        if (theirs.SetEquals(ours))
            yield return ActionBefore;
        else if (theirs.Except(ours).All(x => !x.Split('#')[^1].All(char.IsAsciiDigit)) && ours.IsSubsetOf(theirs))
            yield return Numbers;
        else if (theirs.IsSubsetOf(ours) && ours.Except(theirs).All(x => message.Contains($"GH-{x.Split('#')[^1]}", StringComparison.Ordinal)))
            yield return GitHubForm;
        else if (ours.Except(theirs).All(x => AtStartOrBeforePunctuation(message, x.Split('#')[^1])) && theirs.IsSubsetOf(ours))
            yield return AnyPlace;
        else
            yield return $"references: {message}";
    }

    static bool AtStartOrBeforePunctuation(string message, string number)
    {
        var at = message.IndexOf($"#{number}", StringComparison.Ordinal);
        return message.Split('\n').Any(x => x.TrimStart(' ', '(').StartsWith($"#{number}", StringComparison.Ordinal)) || !char.IsLetterOrDigit(message[at + number.Length + 1]);
    }
}
