using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

/// <summary>Run with FAIRLEAD_ACCEPT=1 to write the documents anew.</summary>
public sealed class ConfigurationDocumentsTests
{
    const string Begin = "<!-- keys -->\n";
    const string End = "<!-- /keys -->\n";

    static readonly bool Accept = Environment.GetEnvironmentVariable("FAIRLEAD_ACCEPT") is { Length: > 0 };

    [Fact]
    public void The_documented_schema_is_the_one_that_is_made_from_the_keys() =>
        ShouldBe(RecordedData.RepositoryRoot / "docs" / "schemas" / ConfigurationSchema.FileName, _ => ConfigurationSchema.Text());

    [Fact]
    public void The_documented_keys_are_those_of_the_table() => ShouldBe(RecordedData.RepositoryRoot / "docs" / "versioning.md", text =>
    {
        var start = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        (start > 0 && end > start).ShouldBeTrue();
        return $"{text[..start]}{Begin}{Tables()}{text[end..]}";
    });

    [Fact]
    public void The_schema_knows_every_key_that_GitVersions_own_schema_has()
    {
        using var theirs = JsonDocument.Parse(RecordedData.Path("gitversion-6.8.2/schemas/GitVersion.configuration.json").ReadAllText());
        using var ours = JsonDocument.Parse(ConfigurationSchema.Text());
        var missing = theirs.RootElement.GetProperty("$defs").EnumerateObject().SelectMany(x => Keys(x.Value)).Concat(Keys(theirs.RootElement)).Distinct()
            .Except(Keys(ours.RootElement)).Except(ours.RootElement.GetProperty("properties").EnumerateObject().SelectMany(x => Keys(x.Value)));
        missing.ShouldBeEmpty();
    }

    static IEnumerable<string> Keys(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(x => x.Name) : [];

    static string Tables() =>
        $"""
        Keys of the root:

        {Table(ConfigurationKeys.Root)}
        Below `ignore`:

        {Table(IgnoreKeys.Section.Keys)}
        Keys of a branch; at the root they are for what branches leave open:

        {Table(BranchKeys.Section.Keys)}
        Below `prevent-increment`:

        {Table(BranchKeys.PreventIncrement.Keys)}
        """.ReplaceLineEndings("\n");

    static string Table<T>(IEnumerable<Key<T>> keys) =>
        "| key | value | meaning |\n|---|---|---|\n" + string.Concat(keys.Select(x => $"| `{x.Name}` | {x.Words} | {x.Description.Replace("|", "\\|", StringComparison.Ordinal)} |\n"));

    static void ShouldBe(AbsolutePath file, Func<string, string> expected)
    {
        var text = file.FileExists() ? file.ReadAllText() : "";
        if (Accept)
            file.WriteAllText(expected(text));
        else
            text.ShouldBe(expected(text));
    }
}
