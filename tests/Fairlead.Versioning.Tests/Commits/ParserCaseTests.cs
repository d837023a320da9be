using System.Text.Json;

namespace Fairlead.Versioning.Tests;

/// <summary>
/// The test cases of conventional-commits-parser. Its own keyword <c>BREAKING AMEND</c> is read as <c>BREAKING CHANGE</c>, and its own words for
/// closing an issue are not compared; what else depends on an option of that parser stands below with its reason.
/// </summary>
public sealed class ParserCaseTests
{
    const string MarkNeedsOption = "without an option that parser does not know the exclamation mark; the specification does (13)";
    const string OtherWords = "an option renames the parts of the header or the notes";
    const string MergeHeader = "an option says what a merge commit looks like; here the first line of a merge is its description, and its number a reference";
    const string MarkIsANote = "that parser repeats the description as the note of a breaking change; here only the flag is set";
    const string Space = "white space around a message does not count";
    const string Decoration = "fields and signatures that git log was asked to print are not part of a message";
    const string Number = "the number sign names a number";

    static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["should stop note text before reference footer ending with a period"] = MarkNeedsOption,
        ["should keep reference-like sentences in note text"] = MarkNeedsOption,
        ["should stop note text before the next footer token"] = MarkNeedsOption,
        ["should not include trailers after breaking change notes (#428)"] = MarkNeedsOption,
        ["should parse next custom note before checking footer tokens"] = OtherWords,
        ["should parse correspondence using regex named groups"] = OtherWords,
        ["should allow correspondence to be changed"] = OtherWords,
        ["should be `undefined` if it is missing in `options.headerCorrespondence`"] = OtherWords,
        ["should not treat note keywords stranded by word-wrap as notes (#1515)"] = Number,
        ["should keep spaces"] = Space,
        ["should ignore gpg signature lines"] = Decoration,
        ["should parse meta after notes"] = Decoration,
        ["should not parse conventional header if pull request header present and mergePattern is not set"] = MergeHeader,
        ["should parse header if merge header is missing"] = MergeHeader,
        ["should understand merge parts in GitLab like merge request"] = MergeHeader,
        ["should parse header if the subject match breakingHeaderPattern"] = MarkIsANote,
        ["should add the subject as note if it match breakingHeaderPattern"] = MarkIsANote,
    };

    [Fact]
    public void All_cases_that_the_specification_decides_are_read_as_the_reference_parser_does()
    {
        var cases = RecordedData.Objects("conventional-commits/parser-cases.jsonl.gz");
        cases.Count.ShouldBe(78);
        var different = cases.Where(Differs).Select(x => x.TextOf("test")!.Split(" > ")[^1]).ToList();
        different.ShouldBe(Known.Keys, ignoreOrder: true);
    }

    static bool Differs(JsonElement item)
    {
        var message = item.TextOf("input")!.Replace("BREAKING AMEND", "BREAKING CHANGE", StringComparison.Ordinal);
        var output = item.GetProperty("output");
        var commit = ConventionalCommit.Parse(message);
        var revert = output.TryGetProperty("revert", out var value) && value.ValueKind == JsonValueKind.Object ? value.TextOf("hash") : null;
        var notes = output.TryGetProperty("notes", out var list) ? string.Join('\n', list.EnumerateArray().Select(x => x.TextOf("text"))) : "";
        return !string.Equals(output.TextOf("type"), commit.Type, StringComparison.OrdinalIgnoreCase)
            || output.TextOf("scope") != commit.Scope
            || output.TextOf("subject")?.Trim() != (commit.Type is null ? null : commit.Description)
            || notes != (commit.Migration ?? "")
            || revert != RevertedCommit.Find(message, commit)?.Ids.FirstOrDefault()
            || !ReferenceReading.References(output, false).SetEquals(ReferenceReading.References(message, false));
    }
}
