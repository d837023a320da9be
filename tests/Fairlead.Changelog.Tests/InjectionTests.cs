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

    const string Own = "https://github.com/acme/shop/";

    [Theory]
    [InlineData(DocumentKind.ReleaseNotes)]
    [InlineData(DocumentKind.Changelog)]
    [InlineData(DocumentKind.MigrationGuide)]
    public void Nothing_that_a_commit_says_becomes_a_link_a_heading_a_table_or_html(DocumentKind kind)
    {
        // The template is compiled once: only what it is given differs.
        var settings = new ChangelogSettings();
        var renderer = new ChangelogRenderer(settings);
        var template = renderer.Template(kind);
        Prop.ForAll(Texts, text =>
        {
            var scope = string.Concat(text.Where(x => x is not ('(' or ')' or '\n')));
            var commit = new HistoryCommit("0123456789", ["p"], default, new Author(text, text), default, $"feat({scope})!: {text}\n\nBREAKING CHANGE: {text}\n\nCloses #1");
            var plain = commit with { Id = "1234567890", Message = $"{text}\n\n{text}" };
            var bump = commit with { Id = "2345678901", Message = $"chore(deps): bump {text} from {text} to {text}" };
            var release = new HistoryRelease { Commit = "0123456789", Date = default, Commits = [commit, plain, bump], NewAuthors = [commit.Author], Tag = new ReleaseTag(text, "0123456789", new(1, 0, 0), text, default) };
            var document = Markdig.Markdown.Parse(renderer.Render(ChangelogBuilder.Build(new ChangelogHistory([release], Own), settings), kind, template), Pipeline);
            return document.Descendants<LinkInline>().All(x => x.Url!.StartsWith(Own, StringComparison.Ordinal) && !x.IsImage && !x.IsAutoLink)
                && document.Descendants<HeadingBlock>().All(x => x.Level < 4)
                && document.Descendants<CodeBlock>().All(x => x is FencedCodeBlock { IsOpen: false, ClosingFencedCharCount: > 3 or 3 } code && code.Arguments is null or "")
                && !document.Descendants().Any(x => x is AutolinkInline or HtmlInline or HtmlBlock or HtmlEntityInline or CodeInline
                    or ThematicBreakBlock or QuoteBlock or Table or MathInline or TaskList or LinkReferenceDefinition);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Code_in_a_note_stays_code_and_ends_where_it_ends()
    {
        Markdown.Lines("Write\n\n    a:\n      b: ```x\n\n    c\n\nand:\n\tmake *all*\n*not* code\n    not code", "  ")
            .ShouldBe("  Write\n\n  ````\n  a:\n    b: ```x\n\n  c\n  ````\n\n  and:\n  ```\n  make *all*\n  ```\n  \\*not\\* code\n  not code");
        Markdown.Lines("~~~~ c#\n  x\0y\u202ez\n~~~\n```\n~~~~\n<b>", "").ShouldBe("````c#\n  x y z\n~~~\n```\n````\n\\<b\\>");
        Markdown.Lines("```\n# x\n  y", "").ShouldBe("```\n# x\n  y\n```");
        Markdown.Lines("```\n```", "").ShouldBe("");
    }

    [Fact]
    public void Nothing_that_a_commit_says_is_a_template()
    {
        var commit = new Notes.TestCommit("0123456789", ["p"], default, "feat: {{#each releases}}{{{commit}}}{{> x}}{{/each}} {{else}}");
        Notes.Write([commit]).ShouldBe("### Features\n\n- {{\\#each releases}}{{{commit}}}{{\\> x}}{{/each}} {{else}} (0123456)\n");
    }
}
