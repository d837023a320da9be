using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;
using HandlebarsDotNet;

namespace Fairlead.Changelog.Tests;

public sealed class TemplateTests
{
    static readonly Item Root = new(isStrict: true)
    {
        ["title"] = "a title",
        ["nothing"] = null,
        ["empty"] = "",
        ["yes"] = true,
        ["no"] = false,
        ["none"] = Array.Empty<Item>(),
        ["texts"] = new[] { "x", "", "y" },
        ["items"] = new[]
        {
            new Item { ["title"] = "one", ["yes"] = true, ["no"] = null, ["items"] = new[] { new Item { ["title"] = "deep", ["yes"] = false, ["items"] = Array.Empty<Item>() } } },
            new Item { ["title"] = "two", ["yes"] = false, ["no"] = "text", ["items"] = Array.Empty<Item>() },
        },
    };

    // Each block is closed where it stands; blocks stand inside of others through the second round.
    static readonly Gen<string> Simple = Gen.Elements(
        "text", " ", "\n", "\n\n", "  \n", "- ", "{{title}}", "{{{title}}}", "{{ title }}", "{{this.title}}", "{{./title}}", "{{nothing}}", "{{empty}}", "{{! a note }}",
        "{{!-- a {{long}} note --}}", "{{~title}}", "{{title~}}", "{{~title~}}", "{{@root.title}}", "{{@index}}", "x}y", "{ ");

    static readonly Gen<string> Whole = Nested(Nested(Simple.ListOf().Select(string.Concat)));

    [Fact]
    public void Templates_are_written_as_by_another_implementation()
    {
        var other = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
        Prop.ForAll(Whole.ToArbitrary(), text => Write(text) == other.Compile(text)(Root)).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Theory]
    [InlineData("{{#each items as |item at|}}{{at}}:{{item.title}} of {{@root.title}}{{#unless @last}}, {{/unless}}{{/each}}", "0:one of a title, 1:two of a title")]
    [InlineData("{{#if no}}a{{else if none}}b{{else if yes}}c{{else}}d{{/if}}", "c")]
    [InlineData("{{#each none}}a{{else}}b{{/each}}{{^none}}c{{/none}}{{#none}}d{{/none}}", "bc")]
    [InlineData("{{#items}}{{title}}{{../title}} {{/items}}{{#yes}}!{{/yes}}{{#with items.[0]}}{{title}}{{/with}}", "onea title twoa title !one")]
    [InlineData("{{#each texts}}[{{this}}]{{/each}} {{items.length}} {{yes}}", "[x][][y] 2 true")]
    [InlineData(@"\{{title}} {{title}}", "{{title}} a title")]
    [InlineData("a\n  {{#if yes}}\nb\n  {{/if}}\nc\n", "a\nb\nc\n")]
    public void The_language_has(string template, string result) => Write(template).ShouldBe(result);

    [Theory]
    [InlineData("a\n {{#if yes}}", 2, 2, "does not end")]
    [InlineData("{{/if}}", 1, 1, "has not begun")]
    [InlineData("{{#if yes}}{{/each}}", 1, 12, "it is 'if' that has begun")]
    [InlineData("x{{else}}", 1, 2, "in no block")]
    [InlineData("{{> part}}", 1, 1, "no partials")]
    [InlineData("{{upper title}}", 1, 1, "no helper 'upper'")]
    [InlineData("{{#eech items}}{{/eech}}", 1, 1, "no helper 'eech'")]
    [InlineData("{{title", 1, 1, "no '}}' follows")]
    [InlineData("{{tittle}}", 1, 1, "no 'tittle' here")]
    [InlineData("{{../title}}", 1, 1, "leads out")]
    [InlineData("{{(title)}}", 1, 1, "is no name")]
    public void A_mistake_is_told_with_its_place(string template, int line, int column, string message)
    {
        var problem = Should.Throw<ProblemsException>(() => Write(template)).Problems.ShouldHaveSingleItem();
        problem.Where.ShouldBe(new SourceLocation("t.hbs", line, column));
        problem.Message.ShouldContain(message);
        problem.Remedy.ShouldNotBeNull();
    }

    [Fact]
    public void A_name_that_is_nearly_right_is_suggested() =>
        Should.Throw<ProblemsException>(() => Write("{{tittle}}")).Problems[0].Remedy.ShouldNotBeNull().ShouldContain("title");

    [Fact]
    public void Random_text_never_crashes() => Prop.ForAll(Gen.Elements("{{", "}}", "{", "}", "#if ", "/if", "else", "^", "~", "!", "!--", "--", "title", " ", "\n", "../", "@index", ".", "|", " as |a b|", "\\", ">", "[", "]").ListOf().Select(string.Concat).ToArbitrary(), text =>
    {
        try
        {
            _ = Write(text);
        }
        catch (ProblemsException)
        {
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Blocks_can_be_nested_only_so_deep() =>
        Should.Throw<ProblemsException>(() => Write(string.Concat(Enumerable.Repeat("{{#if yes}}", 100_000)))).Message.ShouldContain("nested");

    static Gen<string> Nested(Gen<string> inner) => Gen.OneOf(
        inner,
        inner.Zip(inner, (a, b) => $"{a}{{{{#if yes}}}}{b}{{{{/if}}}}{a}"),
        inner.Zip(inner, (a, b) => $"{{{{#if no}}}}\n{a}{{{{else}}}}\n{b}{{{{/if}}}}\n"),
        inner.Zip(inner, (a, b) => $"{b}\n{{{{#each items}}}}\n{a}{{{{../title}}}}\n{{{{/each}}}}\n{b}"),
        inner.Select(a => $"{{{{#unless no}}}} {a}{{{{/unless}}}} "),
        inner.Select(a => $"{{{{#each items}}}}{a}{{{{else}}}}none{{{{/each}}}}"));

    static string Write(string template) => new TemplateRun(template, "t.hbs").Write(TemplateParser.Parse(template, "t.hbs"), Root);

    /// <summary>An object for both implementations.</summary>
    sealed class Item(bool isStrict = false) : Dictionary<string, object?>, ITemplateObject
    {
        public IEnumerable<string> Names => Keys;

        public bool TryGet(string name, out object? value) => TryGetValue(name, out value) || !isStrict;
    }
}
