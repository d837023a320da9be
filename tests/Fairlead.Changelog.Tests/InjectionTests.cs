using Fairlead.Versioning;
using FsCheck;
using FsCheck.Fluent;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Fairlead.Changelog.Tests;

/// <summary>Renders notes of hostile commits with an independent Markdown parser that understands more than GitHub's does.</summary>
public sealed class InjectionTests
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseGridTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists().UseMathematics().UseFootnotes().UseDefinitionLists().UseAbbreviations()
        .Build();

    static readonly Arbitrary<string> Texts = Gen.Elements(
        "<b>", "[x](http://e.org)", "![", "](", "https://e.org", "www.e.org", "mailto:a@b.org", "a@b.org", "tel:123", "<http://e.org>", "[a]: http://e.org",
        "|", "| - |", "+---+", "---", "***", "===", "# ", "- ", "+ ", "1. ", "> ", "```", "~~~", "`", "~~", "$x$", "$$", "[^1]", "[^1]: x", "[ ] ", "*[a]: b",
        "&lt;", "&#60;", "\\", "<!-- ", "-->", "<script>", "\n", "\n\n", "    ", "\t", " ", "a", "_", ":", "\u2028", "\0")
        .NonEmptyListOf().Select(string.Concat).ToArbitrary();

    [Fact]
    public void Nothing_that_a_commit_says_becomes_a_link_a_heading_a_table_or_html() => Prop.ForAll(Texts, text =>
    {
        var scope = string.Concat(text.Where(x => x is not ('(' or ')' or '\n')));
        var notes = ReleaseNotes.Write([new GitCommit("0123456789", ["p"], default, $"feat({scope})!: {text}\n\nBREAKING CHANGE: {text}")]);
        var document = Markdig.Markdown.Parse(notes, Pipeline);
        return document.Descendants<HeadingBlock>().Count() == 1
            && document.Descendants<ListItemBlock>().Count() == 1
            && !document.Descendants().Any(x => x is LinkInline or AutolinkInline or HtmlInline or HtmlBlock or HtmlEntityInline or CodeInline or CodeBlock
                or ThematicBreakBlock or QuoteBlock or Table or MathInline or TaskList or LinkReferenceDefinition);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
}
